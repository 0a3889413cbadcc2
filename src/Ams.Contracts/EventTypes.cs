namespace Ams.Contracts;

/// <summary>The closed list of event types that stand in a log (protocol, section 7). Each has a dot; control frames have none.</summary>
public static class EventTypes
{
    /// <summary>A message was posted.</summary>
    public const string MessageCreated = "message.created";

    /// <summary>A message's text or payload was replaced.</summary>
    public const string MessageEdited = "message.edited";

    /// <summary>A message was deleted and its content erased.</summary>
    public const string MessageDeleted = "message.deleted";

    /// <summary>A principal added a reaction.</summary>
    public const string ReactionAdded = "reaction.added";

    /// <summary>A principal took a reaction back.</summary>
    public const string ReactionRemoved = "reaction.removed";

    /// <summary>A principal took a message as its work.</summary>
    public const string ClaimGranted = "claim.granted";

    /// <summary>A holder gave its claim back.</summary>
    public const string ClaimReleased = "claim.released";

    /// <summary>A claim's time passed.</summary>
    public const string ClaimExpired = "claim.expired";

    /// <summary>A holder finished the work with a reply.</summary>
    public const string ClaimCompleted = "claim.completed";
}
