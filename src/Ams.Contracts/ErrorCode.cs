namespace Ams.Contracts;

/// <summary>One entry of the closed list of error codes (protocol, section 4): its name, HTTP status and whether the same request may succeed later.</summary>
/// <param name="Code">The wire name, for example <c>not_found</c>; also the last segment of the problem's <c>type</c>.</param>
/// <param name="Status">The HTTP status that carries it.</param>
/// <param name="Title">A short human name, the same for every occurrence (RFC 9457).</param>
/// <param name="Retryable">True when repeating the very same request may succeed later.</param>
public sealed record ErrorCode(string Code, int Status, string Title, bool Retryable = false)
{
    /// <inheritdoc />
    public override string ToString() => Code;
}
