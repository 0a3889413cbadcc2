using Ams.Contracts;

namespace Ams.Api.Feeds;

/// <summary>Which close code tells a refusal to a client that can't see a problem (protocol, section 8).</summary>
internal static class CloseCodeOf
{
    /// <summary>The code of a refusal before the socket has begun.</summary>
    public static CloseCode Refused(Refusal refusal) =>
        refusal.Code switch
        {
            { Status: 401 } => CloseCode.Unauthorised,
            { Status: 403 } => CloseCode.AccessLost,
            { Status: 404 } => CloseCode.NoSuchChannel,
            { Status: 410 } => CloseCode.LogTruncated,
            { Status: 429 } => CloseCode.TooManyFrames,
            var code when code == ErrorCodes.InvalidCursor => CloseCode.InvalidCursor,
            var code when code == ErrorCodes.Draining => CloseCode.Draining,
            var code when code == ErrorCodes.ShardMoving => CloseCode.ChannelMoved,
            { Status: 503 } => CloseCode.StoreUnavailable,
            _ => CloseCode.UnreadableFrame,
        };

    /// <summary>The code of a right that was there and is lost: a channel that can't be seen any more is a membership lost.</summary>
    public static CloseCode Lost(Refusal refusal) => refusal.Code.Status == 404 ? CloseCode.AccessLost : Refused(refusal);
}
