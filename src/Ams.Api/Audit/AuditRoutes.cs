using Ams.Api.Auth;
using Ams.Api.Http;
using Ams.Contracts;
using Ams.ControlPlane.Access;
using Ams.ControlPlane.Audit;

namespace Ams.Api.Audit;

/// <summary>Who did what in the control plane.</summary>
internal static class AuditRoutes
{
    public static void Map(IEndpointRouteBuilder routes) => routes.Get("/v1/audit", ListAsync).Needs(Scopes.AuditRead);

    private static async ValueTask<Refusal?> ListAsync(HttpContext http)
    {
        if (Permissions.ReadAudit(http.Caller()) is { } tooLow)
            return tooLow;
        var query = new QueryReader(http);
        var filter = new AuditFilter(query.Text("actor"), query.Text("action"), query.Time("after"), query.Time("before"));
        var (limit, cursor) = (query.Limit(), query.Text("cursor"));
        if (query.Refusal is { } invalid)
            return invalid;
        var page = await http.Service<IAuditLog>().ListAsync(http.Caller(), filter, limit, cursor, http.RequestAborted);
        return await Answers.OkAsync(http, page, Answers.Records.PageAuditEntry);
    }
}
