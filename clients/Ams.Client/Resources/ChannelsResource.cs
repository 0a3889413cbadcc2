using System.Text.Json;
using Ams.Contracts;

namespace Ams.Client;

/// <summary>Channels and who is in them. What the token can't see is <c>not_found</c>.</summary>
public sealed class ChannelsResource
{
    private readonly AmsHttp _http;

    internal ChannelsResource(AmsHttp http) => _http = http;

    /// <summary>Creates a channel; its creator manages it.</summary>
    public async Task<ChannelView> CreateAsync(NewChannel channel, CancellationToken ct = default)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(channel, ClientJson.Default.NewChannel);
        return await OneAsync(new Call(HttpMethod.Post, "v1/channels", body) { Repeatable = false }, ct);
    }

    /// <summary>The one direct channel between the caller and these principals; made if it is not there.</summary>
    public async Task<ChannelView> OpenDirectAsync(IReadOnlyList<string> principalIds, CancellationToken ct = default)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new DirectBody(principalIds), ClientJson.Default.DirectBody);
        return await OneAsync(new Call(HttpMethod.Post, "v1/direct", body), ct);
    }

    /// <summary>A page of those that the token can see, oldest first.</summary>
    /// <param name="name">Only of this name; null: all.</param>
    /// <param name="archived">True: the archived ones, too.</param>
    /// <param name="limit">1 to 1000; null: 100.</param>
    /// <param name="cursor">The <c>next</c> of the page before; null: the first page.</param>
    public async Task<Page<ChannelView>> ListAsync(
        string? name = null,
        bool archived = false,
        int? limit = null,
        string? cursor = null,
        CancellationToken ct = default
    )
    {
        var query = new Query("v1/channels").Add("name", name).Add("archived", archived ? "true" : null);
        var path = query.Add("limit", limit).Add("cursor", cursor).ToString();
        return (await _http.SendAsync(new Call(HttpMethod.Get, path), ct)).Read(AmsJson.Default.PageChannelView);
    }

    /// <summary>All that the token can see.</summary>
    public IAsyncEnumerable<ChannelView> ListAllAsync(bool archived = false, CancellationToken ct = default) =>
        Paging.AllAsync((cursor, token) => ListAsync(null, archived, Limits.PageMax, cursor, token), ct);

    /// <summary>One channel.</summary>
    public Task<ChannelView> GetAsync(string channelId, CancellationToken ct = default) =>
        OneAsync(new Call(HttpMethod.Get, Path(channelId)), ct);

    /// <summary>The id of a channel, from its id (<c>chn_…</c>) or its name. A live channel goes before an archived one of the same name.</summary>
    /// <exception cref="AmsException"><c>not_found</c>: the token sees no channel of this name.</exception>
    public async Task<string> ResolveAsync(string idOrName, CancellationToken ct = default)
    {
        if (idOrName.StartsWith("chn_", StringComparison.Ordinal))
        {
            return idOrName;
        }

        var found = await ListAsync(idOrName, archived: true, ct: ct);
        var best = found.Items.OrderBy(channel => channel.ArchivedAt is not null).ThenByDescending(channel => channel.ArchivedAt);
        return best.FirstOrDefault()?.Id ?? throw Missing.Named("channel", idOrName);
    }

    /// <summary>Changes what is given; who manages it.</summary>
    public Task<ChannelView> UpdateAsync(string channelId, ChannelChange change, CancellationToken ct = default) =>
        OneAsync(
            new Call(
                HttpMethod.Patch,
                Path(channelId),
                JsonSerializer.SerializeToUtf8Bytes(change, ClientJson.Default.ChannelChange)
            ),
            ct
        );

    /// <summary>Archives it: readable, no longer writable.</summary>
    public async Task ArchiveAsync(string channelId, CancellationToken ct = default) =>
        await _http.SendAsync(new Call(HttpMethod.Delete, Path(channelId)), ct);

    /// <summary>Makes it writable again.</summary>
    public Task<ChannelView> UnarchiveAsync(string channelId, CancellationToken ct = default) =>
        OneAsync(new Call(HttpMethod.Post, $"{Path(channelId)}/unarchive"), ct);

    /// <summary>A page of its members, in the order they joined.</summary>
    public async Task<Page<PrincipalView>> ListMembersAsync(
        string channelId,
        int? limit = null,
        string? cursor = null,
        CancellationToken ct = default
    )
    {
        var path = new Query($"{Path(channelId)}/members").Add("limit", limit).Add("cursor", cursor).ToString();
        return (await _http.SendAsync(new Call(HttpMethod.Get, path), ct)).Read(AmsJson.Default.PagePrincipalView);
    }

    /// <summary>All of its members.</summary>
    public IAsyncEnumerable<PrincipalView> ListAllMembersAsync(string channelId, CancellationToken ct = default) =>
        Paging.AllAsync((cursor, token) => ListMembersAsync(channelId, Limits.PageMax, cursor, token), ct);

    /// <summary>Adds a member: oneself to a workspace channel, else who manages it.</summary>
    public async Task AddMemberAsync(string channelId, string principalId, CancellationToken ct = default) =>
        await _http.SendAsync(new Call(HttpMethod.Put, $"{Path(channelId)}/members/{Uri.EscapeDataString(principalId)}"), ct);

    /// <summary>Takes a member out: oneself, else who manages it.</summary>
    public async Task RemoveMemberAsync(string channelId, string principalId, CancellationToken ct = default) =>
        await _http.SendAsync(new Call(HttpMethod.Delete, $"{Path(channelId)}/members/{Uri.EscapeDataString(principalId)}"), ct);

    internal static string Path(string channelId) => $"v1/channels/{Uri.EscapeDataString(channelId)}";

    private async Task<ChannelView> OneAsync(Call call, CancellationToken ct) =>
        (await _http.SendAsync(call, ct)).Read("channel", AmsJson.Default.ChannelView);
}
