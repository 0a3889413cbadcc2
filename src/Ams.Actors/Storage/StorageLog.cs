using Microsoft.Extensions.Logging;

namespace Ams.Actors.Storage;

/// <summary>What the stores tell the operator. No message holds content, keys or credentials.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(
        100,
        LogLevel.Error,
        "A write to {Database} failed ({Reason}). Its callers are told to repeat; the writer opens a new connection for the next one."
    )]
    public static partial void WriteFailed(this ILogger logger, string database, string reason);

    [LoggerMessage(
        101,
        LogLevel.Error,
        "A commit to {Database} failed after it was begun ({Reason}): whether it is there is read back before anything else is decided."
    )]
    public static partial void CommitInDoubt(this ILogger logger, string database, string reason);

    [LoggerMessage(102, LogLevel.Information, "{Database} takes writes again.")]
    public static partial void WritesAgain(this ILogger logger, string database);

    [LoggerMessage(
        103,
        LogLevel.Warning,
        "Erased content may still stand in the write-ahead log of {Database} ({Reason}); it is tried again after the next write, or in a second."
    )]
    public static partial void ErasureWaits(this ILogger logger, string database, string reason);

    [LoggerMessage(104, LogLevel.Information, "Schema {Component} of {Database} is now at version {Version}: {Name}.")]
    public static partial void Migrated(this ILogger logger, string component, string database, int version, string name);
}
