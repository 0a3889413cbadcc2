namespace Ams.Conformance;

/// <summary>Says which sentence of the protocol a test checks; <c>docs/protocol-coverage.md</c> is made from these.</summary>
/// <param name="section">The section of the protocol, for example <c>6</c>.</param>
/// <param name="sentence">What is promised, in the protocol's words or close to them.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class PromiseAttribute(int section, string sentence) : Attribute
{
    public int Section { get; } = section;

    public string Sentence { get; } = sentence;
}
