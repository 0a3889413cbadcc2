using System.Globalization;
using System.Text;
using Ams.Actors.Channels;
using Ams.Actors.Sharding;
using Ams.Api.Auth;
using Ams.Api.Http;
using Ams.Contracts;
using Ams.ControlPlane.Channels;
using Microsoft.AspNetCore.Http.Features;

namespace Ams.Api.Messages;

/// <summary>What happens to a message: edits, deletion, reactions (protocol, section 5). A key is optional here.</summary>
internal sealed class ChangeRoutes(IChannels channels, IShardRegion region)
{
    private const string One = "/v1/channels/{id}/messages/{seq}";
    private const string Reaction = One + "/reactions/{emoji}";

    /// <summary>Maps the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var changes = ActivatorUtilities.CreateInstance<ChangeRoutes>(routes.ServiceProvider);
        routes.Change(One, changes.EditAsync).Needs(Scopes.MessagesWrite);
        routes.Delete(One, changes.DeleteAsync).Needs(Scopes.MessagesWrite);
        routes.Put(Reaction, http => changes.ReactAsync(http, remove: false)).Needs(Scopes.MessagesWrite);
        routes.Delete(Reaction, http => changes.ReactAsync(http, remove: true)).Needs(Scopes.MessagesWrite);
    }

    private async ValueTask<Refusal?> EditAsync(HttpContext http)
    {
        if (!(await FindAsync(http)).TryGet(out var target, out var refusal))
            return refusal;
        if (!(await RequestBody.ReadAsync(http, Limits.RequestBytesMax)).TryGet(out var body, out refusal))
            return refusal;
        Outcome<EditDraft> read;
        using (body)
            read = DraftReader.ReadEdit(body.Bytes.Span, target.Seq);
        if (!read.TryGet(out var edit, out refusal) || !KeyOf(http, edit.Fingerprint).TryGet(out var key, out refusal))
            return refusal;
        var (id, author, policy) = (target.Place.Id, target.Place.Author, target.Place.Policy);
        var command = new EditMessage(id, author, policy, target.Seq, edit.TextJson, edit.PayloadJson, key);
        return await ChangeAnswers.WriteMessageAsync(http, await region.AskAsync(command, CancellationToken.None));
    }

    private async ValueTask<Refusal?> DeleteAsync(HttpContext http)
    {
        if (!(await FindAsync(http)).TryGet(out var target, out var refusal))
            return refusal;
        if (await JsonRequest.JudgeEmptyAsync(http) is { } unwanted)
            return unwanted;
        var fingerprint = Fingerprint.OfChange(Fingerprint.Operation.Delete, target.Seq, "");
        if (!KeyOf(http, fingerprint).TryGet(out var key, out refusal))
            return refusal;
        var command = new DeleteMessage(target.Place.Id, target.Place.Author, target.Place.Policy, target.Seq, key);
        return await ChangeAnswers.WriteNoContentAsync(http, await region.AskAsync(command, CancellationToken.None));
    }

    private async ValueTask<Refusal?> ReactAsync(HttpContext http, bool remove)
    {
        if (!(await FindAsync(http)).TryGet(out var target, out var refusal))
            return refusal;
        if (await JsonRequest.JudgeEmptyAsync(http) is { } unwanted)
            return unwanted;
        if (!EmojiPath.Read(http).TryGet(out var emoji, out refusal))
            return refusal;
        var operation = remove ? Fingerprint.Operation.RemoveReaction : Fingerprint.Operation.AddReaction;
        if (!KeyOf(http, Fingerprint.OfChange(operation, target.Seq, emoji)).TryGet(out var key, out refusal))
            return refusal;
        var command = new React(target.Place.Id, target.Place.Author, target.Place.Policy, target.Seq, emoji, remove, key);
        return await ChangeAnswers.WriteNoContentAsync(http, await region.AskAsync(command, CancellationToken.None));
    }

    private async ValueTask<Outcome<Target>> FindAsync(HttpContext http)
    {
        if (!(await ChannelPlace.FindAsync(http, channels)).TryGet(out var place, out var refusal))
            return refusal;
        return MessageSeq.Read(http) is { } seq ? new Target(place, seq) : Refusal.NotFound("message");
    }

    private static Outcome<IdempotencyKey?> KeyOf(HttpContext http, ReadOnlyMemory<byte> fingerprint)
    {
        var read = IdempotencyKeys.FromHeader(http.Request.Headers[IdempotencyKeys.Header]);
        if (!read.TryGet(out var key, out var refusal))
            return refusal;
        return key is null ? (IdempotencyKey?)null : new IdempotencyKey(key, fingerprint);
    }

    private readonly record struct Target(ChannelPlace Place, long Seq);
}

/// <summary>The number of a message in a path.</summary>
internal static class MessageSeq
{
    /// <summary>The number, or null for what is none: no such message then.</summary>
    public static long? Read(HttpContext http) =>
        long.TryParse(http.Route("seq"), NumberStyles.None, CultureInfo.InvariantCulture, out var seq) && seq > 0 ? seq : null;
}

/// <summary>The emoji at the end of a path: any 1 to 64 bytes of UTF-8 without control characters, percent-encoded.</summary>
internal static class EmojiPath
{
    /// <summary>The emoji, or <c>invalid_request</c>.</summary>
    /// <remarks>It is read from the request's own bytes: the path as the server hands it on leaves <c>%2F</c> and broken UTF-8 as they came.</remarks>
    public static Outcome<string> Read(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.AsSpan(0, target.IndexOfAny(['?', '#']) is >= 0 and var end ? end : target.Length);
        return Decode(path[(path.LastIndexOf('/') + 1)..]);
    }

    /// <summary>Decodes one segment of a path.</summary>
    internal static Outcome<string> Decode(ReadOnlySpan<char> segment)
    {
        var bytes = new List<byte>(Math.Min(segment.Length, Limits.EmojiBytesMax));
        while (!segment.IsEmpty)
        {
            if (bytes.Count == Limits.EmojiBytesMax)
                return Malformed();
            var escaped = segment[0] == '%';
            if (!escaped && segment[0] > '~')
                return Malformed();
            byte value = 0;
            if (escaped && (segment.Length < 3 || !byte.TryParse(segment[1..3], NumberStyles.AllowHexSpecifier, null, out value)))
                return Malformed();
            bytes.Add(escaped ? value : (byte)segment[0]);
            segment = segment[(escaped ? 3 : 1)..];
        }

        if (bytes.Count == 0 || !System.Text.Unicode.Utf8.IsValid(bytes.ToArray()))
            return Malformed();
        var emoji = Encoding.UTF8.GetString([.. bytes]);
        return emoji.Any(char.IsControl) ? Malformed() : emoji;
    }

    private static Refusal Malformed() =>
        Refusal.Invalid(
            "emoji",
            $"An emoji is 1 to {Limits.EmojiBytesMax} bytes of UTF-8 without control characters, percent-encoded."
        );
}
