using Ams.Actors.Persistence;
using Ams.Contracts;

namespace Ams.Actors.Channels;

/// <summary>What a key says: it is new, it repeats an event, or it was used for another request.</summary>
internal readonly record struct KeyVerdict(JournalEvent? Earlier, Refusal? Refusal);

/// <summary>The law of keys: one set per channel and principal, for posts and changes alike, for ever.</summary>
internal static class KeyRules
{
    public static readonly Refusal Archived = new(
        ErrorCodes.ChannelArchived,
        "The channel is archived: read it, or have it unarchived before writing."
    );

    /// <summary>Judges a key for an event of <paramref name="type"/>; for a change also about which message it is.</summary>
    public static KeyVerdict Judge(ChannelFacts facts, string principalId, IdempotencyKey key, string type, long? messageSeq)
    {
        if (facts.FindKey(principalId, key.Value) is not { } used)
            return default;
        // The fingerprint tells requests apart; the type and the message stand in front of it as a second belt.
        var same =
            string.Equals(used.Event.Type, type, StringComparison.Ordinal)
            && (messageSeq is null || used.Event.MessageSeq == messageSeq)
            && used.Fingerprint.Span.SequenceEqual(key.Fingerprint.Span);
        return same ? new KeyVerdict(used.Event, Refusal: null) : new KeyVerdict(Earlier: null, Reused(key));
    }

    public static Refusal Reused(IdempotencyKey key) =>
        new(
            ErrorCodes.IdempotencyKeyReused,
            $"The idempotency key '{key.Value}' was used in this channel for another request; repeat that request unchanged, or take a new key."
        );
}
