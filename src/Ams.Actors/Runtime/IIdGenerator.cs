namespace Ams.Actors.Runtime;

/// <summary>Makes ids: a prefix and a time-ordered unique part of 26 lower-case letters and digits (48 bits of milliseconds, 80 random bits). Injected so that a seed replays a run.</summary>
public interface IIdGenerator
{
    /// <summary>A new id, for example <c>msg_01jd2m…</c>.</summary>
    /// <param name="prefix">With the underscore, for example <c>msg_</c>.</param>
    string NewId(string prefix);

    /// <summary>Fills a buffer with random bytes that are fit for secrets.</summary>
    void Fill(Span<byte> secret);
}
