using System.Text.Json;

namespace Ams.Client;

/// <summary>Posting, and messages as they stand now. Every change carries a key that stays the same over the client's own repeats, so that nothing
/// is ever done twice.</summary>
public sealed class MessagesResource
{
    private readonly AmsHttp _http;

    internal MessagesResource(AmsHttp http) => _http = http;

    /// <summary>Posts a message. Returns when it is committed with fsync, at its number, for good.</summary>
    /// <exception cref="AmsException">It was refused; or <see cref="AmsUnreachableException"/>: whether it was committed is unknown, and posting it
    /// again with the same <see cref="NewMessage.IdempotencyKey"/> is safe.</exception>
    public async Task<Posted> PostAsync(string channelId, NewMessage message, CancellationToken ct = default)
    {
        var key = message.IdempotencyKey ?? NewMessage.NewKey();
        var body = JsonSerializer.SerializeToUtf8Bytes(message with { IdempotencyKey = null }, ClientJson.Default.NewMessage);
        var call = new Call(HttpMethod.Post, $"{ChannelsResource.Path(channelId)}/messages", body) { IdempotencyKey = key };
        var answer = await _http.SendAsync(call, ct);
        return new Posted(new AmsEvent(answer.Body), answer.Replayed, key);
    }

    /// <summary>Posts 1 to 1000 messages: all or none, in order.</summary>
    public async Task<IReadOnlyList<Posted>> PostBatchAsync(
        string channelId,
        IReadOnlyList<NewMessage> messages,
        CancellationToken ct = default
    )
    {
        var keyed = messages.Select(message => message with { IdempotencyKey = message.IdempotencyKey ?? NewMessage.NewKey() });
        var batch = new BatchBody([.. keyed]);
        var body = JsonSerializer.SerializeToUtf8Bytes(batch, ClientJson.Default.BatchBody);
        var call = new Call(HttpMethod.Post, $"{ChannelsResource.Path(channelId)}/messages:batch", body);
        var answer = await _http.SendAsync(call, ct);
        var items = ItemSlices.Cut(answer.Body, "items"u8);
        var replayed = answer.Read(ClientJson.Default.BatchFacts).Replayed;
        if (items.Count != batch.Messages.Count || replayed.Count != items.Count)
        {
            throw new AmsProtocolException("The answer to a batch has another number of items than the batch.");
        }

        return
        [
            .. items.Select(
                (item, index) => new Posted(new AmsEvent(item), replayed[index], batch.Messages[index].IdempotencyKey!)
            ),
        ];
    }

    /// <summary>A page of messages as they stand, ascending. Without <paramref name="after"/> and <paramref name="before"/>: the newest.</summary>
    /// <param name="channelId">The channel.</param>
    /// <param name="after">Those that follow this number.</param>
    /// <param name="before">Those that come directly before this number.</param>
    /// <param name="thread">Only the thread that starts from this number.</param>
    /// <param name="limit">1 to 1000; null: 100.</param>
    public async Task<LogPage<AmsMessage>> ListAsync(
        string channelId,
        long? after = null,
        long? before = null,
        long? thread = null,
        int? limit = null,
        CancellationToken ct = default
    )
    {
        var query = new Query($"{ChannelsResource.Path(channelId)}/messages").Add("after", after).Add("before", before);
        var path = query.Add("thread", thread).Add("limit", limit).ToString();
        var answer = await _http.SendAsync(new Call(HttpMethod.Get, path), ct);
        return LogPage<AmsMessage>.Read(answer.Body, json => new AmsMessage(json));
    }

    /// <summary>One message.</summary>
    public async Task<AmsMessage> GetAsync(string channelId, long seq, CancellationToken ct = default) =>
        new((await _http.SendAsync(new Call(HttpMethod.Get, Path(channelId, seq)), ct)).Body);

    /// <summary>Replaces text, payload or both; the author only. Null: leave as it is.</summary>
    /// <param name="idempotencyKey">Null: one of the client's own.</param>
    public async Task<AmsMessage> EditAsync(
        string channelId,
        long seq,
        string? text = null,
        JsonElement? payload = null,
        string? idempotencyKey = null,
        CancellationToken ct = default
    )
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new EditBody(text, payload), ClientJson.Default.EditBody);
        return new AmsMessage(await ChangeAsync(HttpMethod.Patch, Path(channelId, seq), body, idempotencyKey, ct));
    }

    /// <summary>Deletes a message and erases its content; the author, an admin or an owner.</summary>
    public Task DeleteAsync(string channelId, long seq, string? idempotencyKey = null, CancellationToken ct = default) =>
        ChangeAsync(HttpMethod.Delete, Path(channelId, seq), null, idempotencyKey, ct);

    /// <summary>Adds a reaction. There already: nothing changes.</summary>
    public Task ReactAsync(
        string channelId,
        long seq,
        string emoji,
        string? idempotencyKey = null,
        CancellationToken ct = default
    ) => ChangeAsync(HttpMethod.Put, Reaction(channelId, seq, emoji), null, idempotencyKey, ct);

    /// <summary>Takes a reaction back. Gone already: nothing changes.</summary>
    public Task UnreactAsync(
        string channelId,
        long seq,
        string emoji,
        string? idempotencyKey = null,
        CancellationToken ct = default
    ) => ChangeAsync(HttpMethod.Delete, Reaction(channelId, seq, emoji), null, idempotencyKey, ct);

    private async Task<byte[]> ChangeAsync(HttpMethod method, string path, byte[]? body, string? key, CancellationToken ct) =>
        (await _http.SendAsync(new Call(method, path, body) { IdempotencyKey = key ?? NewMessage.NewKey() }, ct)).Body;

    private static string Path(string channelId, long seq) => $"{ChannelsResource.Path(channelId)}/messages/{seq}";

    private static string Reaction(string channelId, long seq, string emoji) =>
        $"{Path(channelId, seq)}/reactions/{Uri.EscapeDataString(emoji)}";
}
