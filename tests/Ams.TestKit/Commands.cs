using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ams.Actors.Channels;
using Ams.Contracts;

namespace Ams.TestKit;

/// <summary>Makes commands as the front end would: literals encoded, fingerprints over the request.</summary>
public static class Commands
{
    /// <summary>An agent.</summary>
    public static readonly Author Ada = new("prn_ada", "Ada", PrincipalKind.Agent);

    /// <summary>A person.</summary>
    public static readonly Author Ben = new("prn_ben", "Ben", PrincipalKind.Human);

    /// <summary>A person who may moderate.</summary>
    public static readonly Author Mod = new("prn_mod", "Mod", PrincipalKind.Human) { MayModerate = true };

    /// <summary>A channel that takes writes.</summary>
    public static readonly ChannelPolicy Open = new(Archived: false, Limits.MaxHopsDefault);

    /// <summary>A channel that was archived.</summary>
    public static readonly ChannelPolicy Archived = new(Archived: true, Limits.MaxHopsDefault);

    /// <summary>The content of a post.</summary>
    public static MessageDraft Draft(
        string key,
        string text,
        string? payload = null,
        long? replyTo = null,
        params string[] mentions
    ) =>
        new(
            Key(key, $"post|{text}|{payload}|{replyTo}|{string.Join(',', mentions)}"),
            Text(text),
            Raw(payload),
            replyTo,
            mentions
        );

    /// <summary>A post.</summary>
    public static PostMessage Post(
        string channel,
        string key,
        string text,
        Author? by = null,
        long? replyTo = null,
        string? payload = null,
        ChannelPolicy? policy = null
    ) => new(channel, by ?? Ada, policy ?? Open, Draft(key, text, payload, replyTo));

    /// <summary>A batch of posts.</summary>
    public static PostBatch Batch(string channel, Author by, params MessageDraft[] drafts) => new(channel, by, Open, drafts);

    /// <summary>An edit.</summary>
    public static EditMessage Edit(
        string channel,
        long seq,
        string? text = null,
        Author? by = null,
        string? key = null,
        string? payload = null,
        ChannelPolicy? policy = null
    ) =>
        new(
            channel,
            by ?? Ada,
            policy ?? Open,
            seq,
            text is null ? default : Text(text),
            Raw(payload),
            MaybeKey(key, $"edit|{seq}|{text}|{payload}")
        );

    /// <summary>A deletion.</summary>
    public static DeleteMessage Delete(
        string channel,
        long seq,
        Author? by = null,
        string? key = null,
        ChannelPolicy? policy = null
    ) => new(channel, by ?? Ada, policy ?? Open, seq, MaybeKey(key, $"delete|{seq}"));

    /// <summary>A reaction.</summary>
    public static React React(
        string channel,
        long seq,
        string emoji,
        Author? by = null,
        bool remove = false,
        string? key = null,
        ChannelPolicy? policy = null
    ) => new(channel, by ?? Ada, policy ?? Open, seq, emoji, remove, MaybeKey(key, $"react|{seq}|{emoji}|{remove}"));

    /// <summary>The text literal of a string.</summary>
    public static ReadOnlyMemory<byte> Text(string text) => JsonSerializer.SerializeToUtf8Bytes(text);

    private static IdempotencyKey Key(string key, string request) =>
        new(key, SHA256.HashData(Encoding.UTF8.GetBytes(request)).AsMemory(0, 16));

    private static IdempotencyKey? MaybeKey(string? key, string request) => key is null ? null : Key(key, request);

    private static ReadOnlyMemory<byte> Raw(string? json) =>
        json is null ? default(ReadOnlyMemory<byte>) : Encoding.UTF8.GetBytes(json);
}
