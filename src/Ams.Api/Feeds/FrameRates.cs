using Ams.Api.RateLimits;

namespace Ams.Api.Feeds;

/// <summary>The rate of frames of all kinds, per token and node: ten times that of requests (protocol, section 8). Over it a socket is closed with 4029.</summary>
internal sealed class FrameRates(RateLimiter requests, TimeProvider time)
{
    private const int TimesRequests = 10;

    private readonly RateLimiter _frames = new(
        requests.Policy is { } policy ? new RatePolicy(policy.PerSecond * TimesRequests, policy.Burst * TimesRequests) : null,
        time
    );

    /// <summary>Counts frames; false when there were too many.</summary>
    public bool Admit(string tokenId, int frames) => _frames.TryTake(tokenId, frames).Allowed;
}
