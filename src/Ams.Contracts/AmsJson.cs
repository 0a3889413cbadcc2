using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ams.Contracts;

/// <summary>How AMS writes and reads JSON: snake_case, null members omitted, times as <see cref="Rfc3339"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(Rfc3339Converter)]
)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(WorkspaceView))]
[JsonSerializable(typeof(PrincipalView))]
[JsonSerializable(typeof(TokenView))]
[JsonSerializable(typeof(ChannelView))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(Page<PrincipalView>))]
[JsonSerializable(typeof(Page<TokenView>))]
[JsonSerializable(typeof(Page<ChannelView>))]
[JsonSerializable(typeof(Page<AuditEntry>))]
[JsonSerializable(typeof(WorkspaceCreated))]
[JsonSerializable(typeof(MemberCreated))]
[JsonSerializable(typeof(Me))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
public sealed partial class AmsJson : JsonSerializerContext;
