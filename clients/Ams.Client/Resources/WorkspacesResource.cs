using System.Text.Json;
using Ams.Contracts;

namespace Ams.Client;

/// <summary>The tenants.</summary>
public sealed class WorkspacesResource
{
    private readonly AmsHttp _http;

    internal WorkspacesResource(AmsHttp http) => _http = http;

    /// <summary>Creates a workspace with its owner; needs the platform key. The owner's token is in the answer and nowhere else.</summary>
    public async Task<WorkspaceCreated> CreateAsync(string name, string slug, CancellationToken ct = default)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new WorkspaceBody(name, slug), ClientJson.Default.WorkspaceBody);
        var call = new Call(HttpMethod.Post, "v1/workspaces", body) { AsPlatform = true, Repeatable = false };
        return (await _http.SendAsync(call, ct)).Read(AmsJson.Default.WorkspaceCreated);
    }

    /// <summary>Gives a new owner token and revokes the workspace's other owner tokens; needs the platform key.</summary>
    /// <returns>The secret itself.</returns>
    public async Task<string> RecoverAsync(string slug, CancellationToken ct = default)
    {
        var path = $"v1/workspaces/{Uri.EscapeDataString(slug)}/recover";
        var call = new Call(HttpMethod.Post, path) { AsPlatform = true, Repeatable = false };
        return (await _http.SendAsync(call, ct)).Read(ClientJson.Default.OwnerToken).Secret;
    }

    /// <summary>The token's workspace.</summary>
    public async Task<WorkspaceView> GetAsync(CancellationToken ct = default) =>
        (await _http.SendAsync(new Call(HttpMethod.Get, "v1/workspace"), ct)).Read("workspace", AmsJson.Default.WorkspaceView);

    /// <summary>Renames it; owner only.</summary>
    public async Task<WorkspaceView> RenameAsync(string name, CancellationToken ct = default)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new WorkspaceBody(name), ClientJson.Default.WorkspaceBody);
        return (await _http.SendAsync(new Call(HttpMethod.Patch, "v1/workspace", body), ct)).Read(
            "workspace",
            AmsJson.Default.WorkspaceView
        );
    }

    /// <summary>Deletes it and revokes every token in it; owner only.</summary>
    /// <param name="confirmSlug">Its slug, as a proof that this one is meant.</param>
    public async Task DeleteAsync(string confirmSlug, CancellationToken ct = default) =>
        await _http.SendAsync(new Call(HttpMethod.Delete, new Query("v1/workspace").Add("confirm", confirmSlug).ToString()), ct);
}
