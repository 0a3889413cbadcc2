namespace Ams.Api.Messages;

/// <summary>The members that the body of a message can have (protocol, sections 6 and 8), and which of them each place allows.</summary>
/// <remarks>The bits of <see cref="Content"/> go into stored fingerprints: a new member takes a new bit, an old one keeps its own.</remarks>
[Flags]
internal enum MessageMembers
{
    /// <summary>No member; also the answer for a name that is none.</summary>
    None = 0,

    /// <summary><c>text</c></summary>
    Text = 1 << 0,

    /// <summary><c>payload</c></summary>
    Payload = 1 << 1,

    /// <summary><c>reply_to</c></summary>
    ReplyTo = 1 << 2,

    /// <summary><c>mentions</c></summary>
    Mentions = 1 << 3,

    /// <summary><c>cause</c></summary>
    Cause = 1 << 4,

    /// <summary><c>expected_head_seq</c></summary>
    ExpectedHeadSeq = 1 << 5,

    /// <summary><c>if_unanswered</c></summary>
    IfUnanswered = 1 << 6,

    /// <summary><c>idempotency_key</c></summary>
    IdempotencyKey = 1 << 7,

    /// <summary><c>type</c> of a frame.</summary>
    Type = 1 << 8,

    /// <summary><c>ref</c> of a frame.</summary>
    Ref = 1 << 9,

    /// <summary><c>channel_id</c> of a frame on the feed.</summary>
    ChannelId = 1 << 10,

    /// <summary>What makes the request what it is: the members under the fingerprint.</summary>
    Content = Text | Payload | ReplyTo | Mentions | Cause | ExpectedHeadSeq | IfUnanswered,

    /// <summary>A post, and each message of a batch.</summary>
    Post = Content | IdempotencyKey,

    /// <summary>An edit.</summary>
    Edit = Text | Payload,

    /// <summary>A <c>send</c> frame on a channel's socket.</summary>
    Send = Post | Type | Ref,

    /// <summary>A <c>send</c> frame on the feed.</summary>
    FeedSend = Send | ChannelId,
}

/// <summary>The wire names of <see cref="MessageMembers"/>.</summary>
internal static class MessageMemberNames
{
    /// <summary>The member of a name without escapes, or <see cref="MessageMembers.None"/>.</summary>
    public static MessageMembers Find(ReadOnlySpan<byte> name) =>
        name.Length switch
        {
            3 when name.SequenceEqual("ref"u8) => MessageMembers.Ref,
            4 when name.SequenceEqual("text"u8) => MessageMembers.Text,
            4 when name.SequenceEqual("type"u8) => MessageMembers.Type,
            5 when name.SequenceEqual("cause"u8) => MessageMembers.Cause,
            7 when name.SequenceEqual("payload"u8) => MessageMembers.Payload,
            8 when name.SequenceEqual("reply_to"u8) => MessageMembers.ReplyTo,
            8 when name.SequenceEqual("mentions"u8) => MessageMembers.Mentions,
            10 when name.SequenceEqual("channel_id"u8) => MessageMembers.ChannelId,
            13 when name.SequenceEqual("if_unanswered"u8) => MessageMembers.IfUnanswered,
            15 when name.SequenceEqual("idempotency_key"u8) => MessageMembers.IdempotencyKey,
            17 when name.SequenceEqual("expected_head_seq"u8) => MessageMembers.ExpectedHeadSeq,
            _ => MessageMembers.None,
        };
}
