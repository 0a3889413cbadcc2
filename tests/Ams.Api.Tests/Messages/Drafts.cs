using System.Text;
using Ams.Actors.Channels;
using Ams.Api.Messages;
using Ams.Contracts;

namespace Ams.Api.Tests.Messages;

/// <summary>Short ways to read a body in tests.</summary>
internal static class Drafts
{
    public static Outcome<MessageDraft> Read(string json, string? key = "k") => Read(Encoding.UTF8.GetBytes(json), key);

    public static Outcome<MessageDraft> Read(byte[] body, string? key = "k") => DraftReader.ReadPost(body, key);

    public static Outcome<IReadOnlyList<MessageDraft>> ReadBatch(string json) =>
        DraftReader.ReadBatch(Encoding.UTF8.GetBytes(json));

    public static string Text(string json) => Encoding.UTF8.GetString(Read(json).Value.TextJson.Span);

    public static string Payload(string payload) =>
        Encoding.UTF8.GetString(Read($$"""{"payload":{{payload}}}""").Value.PayloadJson.Span);

    public static string Fingerprint(string json) => Convert.ToHexString(Read(json).Value.Key.Fingerprint.Span);

    public static void ShouldRefuse<T>(this Outcome<T> outcome, ErrorCode code, string? member = null)
    {
        outcome.Refusal.ShouldNotBeNull();
        outcome.Refusal.Code.ShouldBe(code);
        outcome.Refusal.Detail.ShouldNotBeEmpty();
        if (member is not null)
            outcome.Refusal.Errors.ShouldNotBeNull().Keys.ShouldContain(member);
    }
}
