using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ams.Api.Specs;

/// <summary>How the documents are written: for programs, but readable.</summary>
internal static class SpecJson
{
    /// <summary>Many lines.</summary>
    public static JsonSerializerOptions Indented { get; } =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line.</summary>
    public static JsonSerializerOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
