using System.Text.Json.Serialization;

namespace Ams.Cli.Output;

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class OutputJson : JsonSerializerContext;
