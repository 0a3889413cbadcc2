using Ams.Contracts;

namespace Ams.Client;

/// <summary>Who did what in the control plane; for admins and owners.</summary>
public sealed class AuditResource
{
    private readonly AmsHttp _http;

    internal AuditResource(AmsHttp http) => _http = http;

    /// <summary>A page of entries, newest first.</summary>
    public async Task<Page<AuditEntry>> ListAsync(
        AuditFilter? filter = null,
        int? limit = null,
        string? cursor = null,
        CancellationToken ct = default
    )
    {
        var query = new Query("v1/audit").Add("actor", filter?.ActorId).Add("action", filter?.Action);
        query.Add("after", filter?.After).Add("before", filter?.Before).Add("limit", limit).Add("cursor", cursor);
        return (await _http.SendAsync(new Call(HttpMethod.Get, query.ToString()), ct)).Read(AmsJson.Default.PageAuditEntry);
    }

    /// <summary>All entries, newest first.</summary>
    public IAsyncEnumerable<AuditEntry> ListAllAsync(AuditFilter? filter = null, CancellationToken ct = default) =>
        Paging.AllAsync((cursor, token) => ListAsync(filter, Limits.PageMax, cursor, token), ct);
}
