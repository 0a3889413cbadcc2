using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ams.Api.Configuration;
using Ams.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Ams.Api.Hosting;

/// <summary>One line an entry, as text or as JSON. The last thing before the output, and so the place where secrets are taken out.</summary>
internal sealed class LogLineFormatter(AmsSettings settings, Redaction redaction, TimeProvider time)
    : ConsoleFormatter(FormatterName)
{
    /// <summary>What the console logger knows it by.</summary>
    public const string FormatterName = "ams";

    /// <summary>How text is written into JSON.</summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private static readonly JsonWriterOptions Options = new() { Encoder = Encoder };

    /// <inheritdoc />
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var line = settings.Log.Json ? Json(logEntry, message) : Text(logEntry.LogLevel, message, logEntry.Exception);
        textWriter.WriteLine(redaction.Apply(line));
    }

    private static string Word(LogLevel level) =>
        level switch
        {
            LogLevel.Trace or LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warning",
            _ => "error",
        };

    private string Text(LogLevel level, string message, Exception? exception)
    {
        var line = $"{Rfc3339.Format(time.GetUtcNow())} {Word(level)}: {message}";
        // A line break in an entry could pass for another entry.
        return (exception is null ? line : $"{line} | {exception}").ReplaceLineEndings(" \\n ");
    }

    private string Json<TState>(in LogEntry<TState> entry, string message)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, Rfc3339.Format(time.GetUtcNow()));
            json.WriteString("level"u8, Word(entry.LogLevel));
            json.WriteString("source"u8, entry.Category);
            json.WriteString("message"u8, message);
            if (entry.State is IReadOnlyList<KeyValuePair<string, object?>> members)
                WriteMembers(json, members);
            if (entry.Exception is { } exception)
                json.WriteString("exception"u8, exception.ToString());
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteMembers(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> members)
    {
        foreach (var (name, value) in members)
        {
            if (name == "{OriginalFormat}")
                continue;
            switch (value)
            {
                case int or long or short or byte:
                    json.WriteNumber(JsonNamingPolicy.SnakeCaseLower.ConvertName(name), Convert.ToInt64(value));
                    break;
                case double number when double.IsFinite(number):
                    json.WriteNumber(JsonNamingPolicy.SnakeCaseLower.ConvertName(name), number);
                    break;
                default:
                    json.WriteString(JsonNamingPolicy.SnakeCaseLower.ConvertName(name), value?.ToString());
                    break;
            }
        }
    }
}
