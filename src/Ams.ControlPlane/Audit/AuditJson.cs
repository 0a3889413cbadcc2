using System.Text.Json.Serialization;

namespace Ams.ControlPlane.Audit;

/// <summary>Writes and reads the details of entries without reflection.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class AuditJson : JsonSerializerContext;
