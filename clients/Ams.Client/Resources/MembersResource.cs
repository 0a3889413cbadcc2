using System.Text.Json;
using Ams.Contracts;

namespace Ams.Client;

/// <summary>The principals of a workspace.</summary>
public sealed class MembersResource
{
    private readonly AmsHttp _http;

    internal MembersResource(AmsHttp http) => _http = http;

    /// <summary>Adds a member; admin or owner. Its first token is in the answer and nowhere else.</summary>
    public async Task<MemberCreated> CreateAsync(NewMember member, CancellationToken ct = default)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(member, ClientJson.Default.NewMember);
        var call = new Call(HttpMethod.Post, "v1/members", body) { Repeatable = false };
        return (await _http.SendAsync(call, ct)).Read(AmsJson.Default.MemberCreated);
    }

    /// <summary>A page of those not removed, oldest first.</summary>
    /// <param name="limit">1 to 1000; null: 100.</param>
    /// <param name="cursor">The <c>next</c> of the page before; null: the first page.</param>
    public async Task<Page<PrincipalView>> ListAsync(int? limit = null, string? cursor = null, CancellationToken ct = default)
    {
        var path = new Query("v1/members").Add("limit", limit).Add("cursor", cursor).ToString();
        return (await _http.SendAsync(new Call(HttpMethod.Get, path), ct)).Read(AmsJson.Default.PagePrincipalView);
    }

    /// <summary>All of those not removed, oldest first.</summary>
    public IAsyncEnumerable<PrincipalView> ListAllAsync(CancellationToken ct = default) =>
        Paging.AllAsync((cursor, token) => ListAsync(Limits.PageMax, cursor, token), ct);

    /// <summary>One member; a removed one, too, with <c>RemovedAt</c>.</summary>
    public async Task<PrincipalView> GetAsync(string principalId, CancellationToken ct = default) =>
        (await _http.SendAsync(new Call(HttpMethod.Get, Path(principalId)), ct)).Read("member", AmsJson.Default.PrincipalView);

    /// <summary>Changes what is given: by an admin, or of oneself all but the role.</summary>
    public async Task<PrincipalView> UpdateAsync(string principalId, MemberChange change, CancellationToken ct = default)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(change, ClientJson.Default.MemberChange);
        return (await _http.SendAsync(new Call(HttpMethod.Patch, Path(principalId), body), ct)).Read(
            "member",
            AmsJson.Default.PrincipalView
        );
    }

    /// <summary>Removes a member and revokes its tokens; its messages stay.</summary>
    public async Task RemoveAsync(string principalId, CancellationToken ct = default) =>
        await _http.SendAsync(new Call(HttpMethod.Delete, Path(principalId)), ct);

    /// <summary>The id of a member, from its id or its name.</summary>
    /// <exception cref="AmsException"><c>not_found</c>: nobody has this name.</exception>
    public async Task<string> ResolveAsync(string idOrName, CancellationToken ct = default)
    {
        if (idOrName.StartsWith("prn_", StringComparison.Ordinal))
        {
            return idOrName;
        }

        await foreach (var member in ListAllAsync(ct))
        {
            if (string.Equals(member.Name, idOrName, StringComparison.Ordinal))
            {
                return member.Id;
            }
        }

        throw Missing.Named("member", idOrName);
    }

    internal static string Path(string principalId) => $"v1/members/{Uri.EscapeDataString(principalId)}";
}

/// <summary>What a name does not lead to.</summary>
internal static class Missing
{
    public static AmsException Named(string what, string name)
    {
        var code = ErrorCodes.NotFound;
        var detail = $"There is no {what} named '{name}' that this token can see; check the name or give the id.";
        return new AmsException(new Problem($"/problems/{code.Code}", code.Title, code.Status, detail, code.Code, "", false));
    }
}
