using System.Diagnostics;

namespace Ams.TestKit;

/// <summary>Waits on a condition. The bound is for a test that fails, never for one that passes.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Completes once the condition holds.</summary>
    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"It never came to hold: {what}");
            await Task.Yield();
        }
    }
}
