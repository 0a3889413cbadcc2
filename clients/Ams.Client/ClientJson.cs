using System.Text.Json;
using System.Text.Json.Serialization;
using Ams.Contracts;

namespace Ams.Client;

/// <summary>The bodies that the client writes, and the parts of answers that have no record in the contracts.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(Rfc3339Converter)]
)]
[JsonSerializable(typeof(WorkspaceBody))]
[JsonSerializable(typeof(NewMember))]
[JsonSerializable(typeof(MemberChange))]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(RotateBody))]
[JsonSerializable(typeof(NewChannel))]
[JsonSerializable(typeof(ChannelChange))]
[JsonSerializable(typeof(DirectBody))]
[JsonSerializable(typeof(NewMessage))]
[JsonSerializable(typeof(BatchBody))]
[JsonSerializable(typeof(EditBody))]
[JsonSerializable(typeof(SendFrame))]
[JsonSerializable(typeof(SubscribeFrame))]
[JsonSerializable(typeof(UnsubscribeFrame))]
[JsonSerializable(typeof(LogPageFacts))]
[JsonSerializable(typeof(BatchFacts))]
[JsonSerializable(typeof(ServerFrame))]
[JsonSerializable(typeof(SeqAt))]
[JsonSerializable(typeof(OwnerToken))]
internal sealed partial class ClientJson : JsonSerializerContext;

internal sealed record WorkspaceBody(string Name, string? Slug = null);

internal sealed record TokenBody(string? Name, IReadOnlyList<string>? Scopes, DateTimeOffset? ExpiresAt);

internal sealed record RotateBody(long? OverlapSeconds);

internal sealed record DirectBody(IReadOnlyList<string> Principals);

internal sealed record BatchBody(IReadOnlyList<NewMessage> Messages);

internal sealed record EditBody(string? Text, JsonElement? Payload);

internal sealed record BatchFacts(IReadOnlyList<bool> Replayed);

internal sealed record SeqAt(long ChannelSeq);

internal sealed record OwnerToken([property: JsonPropertyName("owner_token")] string Secret);
