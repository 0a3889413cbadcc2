using Ams.Api.Errors;
using Ams.Api.Http;
using Ams.Api.RateLimits;
using Ams.ControlPlane.Access;

namespace Ams.Api.Auth;

/// <summary>Judges what the matched route declared that it needs, before its handler runs: 401, then the rate 429, then the scope 403.</summary>
internal sealed class AdmissionMiddleware(RequestDelegate next, RateLimiter rates)
{
    /// <summary>Runs after routing.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        switch (http.GetEndpoint()?.Metadata.GetMetadata<Need>())
        {
            case { Kind: NeedKind.Token } need when !await AdmitAsync(http, need):
                return;
            case { Kind: NeedKind.PlatformKey } when !await AdmitPlatformAsync(http):
                return;
            default:
                await next(http);
                return;
        }
    }

    private async ValueTask<bool> AdmitAsync(HttpContext http, Need need)
    {
        var outcome = await Admission.AuthenticateAsync(http, http.Service<IAuthenticator>());
        if (!outcome.TryGet(out var caller, out var refusal))
        {
            await ProblemWriter.WriteAsync(http, refusal);
            return false;
        }
        var state = http.State();
        state.Caller = caller with { RequestId = state.RequestId };
        refusal = rates.Judge(http, caller.TokenId, cost: 1) ?? Admission.JudgeScope(caller, need.Scope);
        if (refusal is not null)
            await ProblemWriter.WriteAsync(http, refusal);
        return refusal is null;
    }

    private async ValueTask<bool> AdmitPlatformAsync(HttpContext http)
    {
        var sent = http.Request.Headers["X-Platform-Key"];
        var refusal = http.Service<IAuthenticator>().AuthenticatePlatform(sent.Count == 1 ? sent[0] : null).Refusal;
        if (refusal is not null)
            await ProblemWriter.WriteAsync(http, refusal);
        return refusal is null;
    }
}
