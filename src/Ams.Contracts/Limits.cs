namespace Ams.Contracts;

/// <summary>The limits that the protocol fixes for everybody. What an operator may set stands in <c>hocon/reference.conf</c>.</summary>
public static class Limits
{
    /// <summary>Largest <c>text</c> of a message, in bytes of UTF-8.</summary>
    public const int TextBytesMax = 64 * 1024;

    /// <summary>Largest <c>payload</c> of a message, in bytes of UTF-8 without insignificant white space.</summary>
    public const int PayloadBytesMax = 64 * 1024;

    /// <summary>Deepest nesting of a payload; the payload object itself is level 1.</summary>
    public const int PayloadDepthMax = 32;

    /// <summary>Largest body of a request, in bytes.</summary>
    public const int RequestBytesMax = 1024 * 1024;

    /// <summary>Largest body of a batch request, in bytes.</summary>
    public const int BatchBytesMax = 16 * 1024 * 1024;

    /// <summary>Most messages in a batch.</summary>
    public const int BatchMessagesMax = 1000;

    /// <summary>Most mentions in a message.</summary>
    public const int MentionsMax = 100;

    /// <summary>Longest emoji of a reaction, in bytes of UTF-8: room for any sequence of code points, and for a short name.</summary>
    public const int EmojiBytesMax = 64;

    /// <summary>Longest idempotency key, in visible ASCII characters.</summary>
    public const int IdempotencyKeyLengthMax = 255;

    /// <summary>Largest frame from a client, in bytes over all its fragments.</summary>
    public const int FrameBytesMax = 1024 * 1024;

    /// <summary>Items of a page when the request does not say.</summary>
    public const int PageDefault = 100;

    /// <summary>Most items of a page.</summary>
    public const int PageMax = 1000;

    /// <summary>Longest long poll.</summary>
    public const int WaitSecondsMax = 60;

    /// <summary>Longest name of a workspace, member or token, in Unicode characters.</summary>
    public const int NameLengthMax = 80;

    /// <summary>Longest slug of a workspace, in characters.</summary>
    public const int SlugLengthMax = 40;

    /// <summary>Longest topic of a channel, in Unicode characters.</summary>
    public const int TopicLengthMax = 250;

    /// <summary>Longest description of a member, in Unicode characters.</summary>
    public const int DescriptionLengthMax = 1000;

    /// <summary>Most members that a channel is created with, its creator not counted.</summary>
    public const int InitialMembersMax = 1000;

    /// <summary>Most principals of a direct channel, the caller counted.</summary>
    public const int DirectPrincipalsMax = 50;

    /// <summary>Longest time for which a rotated token goes on working, in seconds.</summary>
    public const int RotationOverlapSecondsMax = 86_400;

    /// <summary>Largest <c>max_hops</c> that a channel can have.</summary>
    public const int MaxHopsMax = 1000;

    /// <summary>Longest chain of causes when a channel does not say.</summary>
    public const int MaxHopsDefault = 30;
}
