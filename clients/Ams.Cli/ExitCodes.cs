using Ams.Client;

namespace Ams.Cli;

/// <summary>What the process ends with; documented in <c>ams --help</c>.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int Other = 1;
    public const int Usage = 2;
    public const int Unauthorised = 3;
    public const int NotFound = 4;
    public const int Conflict = 5;
    public const int RateLimited = 6;
    public const int Unreachable = 7;

    public const string Help =
        "0 done, 1 other fault, 2 usage, 3 unauthorised (401, 403), 4 not found, 5 conflict (409, 412, 422), 6 rate limited (429), "
        + "7 unreachable (network, 503)";

    public static int Of(AmsException fault) =>
        fault switch
        {
            AmsUnreachableException => Unreachable,
            { Status: 401 or 403 } => Unauthorised,
            { Status: 404 } => NotFound,
            { Status: 409 or 412 or 422 } => Conflict,
            { Status: 429 } => RateLimited,
            { Status: 502 or 503 or 504 } => Unreachable,
            _ => Other,
        };
}

/// <summary>Something that the user can put right: one line on stderr, no stack trace.</summary>
internal sealed class UsageException(string message) : Exception(message);
