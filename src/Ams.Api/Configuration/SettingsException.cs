namespace Ams.Api.Configuration;

/// <summary>The server can't start as it is configured. The message is one line that names the key, and holds no secret.</summary>
internal sealed class SettingsException(string message, Exception? inner = null) : Exception(message, inner);
