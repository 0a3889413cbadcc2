using Ams.Actors.Query;
using Ams.Api.Http;
using Ams.Contracts;

namespace Ams.Api.Messages;

/// <summary>What a client remembers of a log, against what the log is (protocol, section 7).</summary>
internal static class LogPosition
{
    /// <summary>The refusal for a memory of another log or of a part that is gone, or null.</summary>
    /// <param name="after">The last number that the client has seen; null when it does not say.</param>
    /// <param name="logId">The log that the client remembers; null when it does not say.</param>
    public static Refusal? Judge(LogHead log, long? after, string? logId)
    {
        if (logId is not null && !string.Equals(logId, log.LogId, StringComparison.Ordinal))
            return Invalid(log, "This position is of another log; begin again, with the log_id of this answer.");
        if (after > log.Head)
            return Invalid(
                log,
                "This position lies beyond the head, so it is of another log; begin again, from at most head_seq."
            );
        if (after < log.FirstAvailable - 1)
            return new Refusal(
                ErrorCodes.LogTruncated,
                $"The log is kept from {log.FirstAvailable} on; go on after {log.FirstAvailable - 1}, and know that what lies before is gone."
            )
            {
                FirstAvailableSeq = log.FirstAvailable,
            };
        return null;
    }

    private static Refusal Invalid(LogHead log, string sentence) =>
        new(ErrorCodes.InvalidCursor, sentence) { HeadSeq = log.Head, LogId = log.LogId };
}
