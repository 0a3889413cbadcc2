using System.Security.Cryptography;
using System.Text;

namespace Ams.Actors.Query;

/// <summary>The incarnations of logs, which follow from their store's.</summary>
internal static class LogIds
{
    /// <summary>Each log's own, so that nothing can be learned of another log from it, and the same on every start.</summary>
    public static string Of(string incarnation, string persistenceId)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{incarnation}\n{persistenceId}"), digest);
        return "log_" + Convert.ToHexStringLower(digest[..12]);
    }
}
