using Ams.Contracts;

namespace Ams.Actors.Runtime;

/// <summary>The engine's retryable refusals: nothing is known to be committed.</summary>
internal static class Refusals
{
    public static readonly Refusal StoreUnavailable = new(
        ErrorCodes.StoreUnavailable,
        "The store did not confirm the request; repeat it with the same idempotency key."
    );

    public static readonly Refusal MailboxFull = new(
        ErrorCodes.StoreUnavailable,
        "More waits for this channel than the store takes at the moment; repeat with the same idempotency key after a pause."
    );

    public static readonly Refusal ShardMoving = new(
        ErrorCodes.ShardMoving,
        "The channel is moving to another node; repeat with the same idempotency key."
    );

    public static readonly Refusal Draining = new(
        ErrorCodes.Draining,
        "This node is shutting down; repeat with the same idempotency key, here later or on another node."
    );
}
