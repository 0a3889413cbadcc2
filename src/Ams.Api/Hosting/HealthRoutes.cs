using Ams.Actors.Persistence;
using Ams.Actors.Query;
using Ams.Api.Http;
using Ams.Contracts;

namespace Ams.Api.Hosting;

/// <summary>Whether the process lives, and whether it should be sent traffic.</summary>
internal static class HealthRoutes
{
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(2);

    private static readonly byte[] Live = """{"live":true}"""u8.ToArray();
    private static readonly byte[] Ready = """{"ready":true}"""u8.ToArray();

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/livez", http => Answers.WriteAsync(http, StatusCodes.Status200OK, Live)).At(Doors.Both);
        routes.Get("/readyz", ReadyAsync).At(Doors.Both);
    }

    private static async ValueTask<Refusal?> ReadyAsync(HttpContext http)
    {
        switch (http.Service<NodeState>().Phase)
        {
            case NodePhase.Starting:
                return Failing(ErrorCodes.StoreUnavailable, "startup", "the store is not open yet");
            case NodePhase.Leaving or NodePhase.Draining:
                return Failing(ErrorCodes.Draining, "draining", "the node is shutting down");
        }
        if (!await DatabaseAnswersAsync(http))
            return Failing(ErrorCodes.StoreUnavailable, "database", "the database does not answer");
        await Answers.WriteAsync(http, StatusCodes.Status200OK, Ready);
        return null;
    }

    /// <summary>A read that every store can do, of a log that does not exist.</summary>
    private static async Task<bool> DatabaseAnswersAsync(HttpContext http)
    {
        try
        {
            await http.Service<IReadJournal>()
                .HeadAsync("chn_readyz", http.RequestAborted)
                .AsTask()
                .WaitAsync(CheckTimeout, http.RequestAborted);
            return true;
        }
        catch (Exception e) when (e is StoreUnavailableException or TimeoutException)
        {
            return false;
        }
    }

    private static Refusal Failing(ErrorCode code, string check, string why) =>
        new(code, $"The check `{check}` fails: {why}; send traffic elsewhere until /readyz is 200.")
        {
            Errors = new Dictionary<string, string[]>(StringComparer.Ordinal) { [check] = [why] },
        };
}
