using Ams.Api.Feeds.Frames;
using Ams.Contracts;
using Ams.ControlPlane.Access;

namespace Ams.Api.Feeds.Presence;

/// <summary>Who is at one channel on this node. Each presence frame tells the whole state, so that a dropped one is mended by the next.</summary>
internal sealed class ChannelHub(string channelId)
{
    private readonly string _channelId = channelId;

    /// <summary>Principals that a presence frame names; the rest is counted.</summary>
    private const int NamedMax = 100;

    private readonly Lock _lock = new();
    private readonly HashSet<IHubMember> _members = [];
    private readonly Dictionary<string, int> _socketsByPrincipal = new(StringComparer.Ordinal);
    private long _version = 1;

    /// <summary>Adds a socket.</summary>
    public void Join(IHubMember member)
    {
        lock (_lock)
        {
            if (!_members.Add(member))
                return;
            var sockets = _socketsByPrincipal.GetValueOrDefault(member.Principal.PrincipalId);
            _socketsByPrincipal[member.Principal.PrincipalId] = sockets + 1;
            if (sockets == 0)
                _version++;
        }
    }

    /// <summary>Takes a socket out.</summary>
    /// <returns>True when nobody is left.</returns>
    public bool Leave(IHubMember member)
    {
        lock (_lock)
        {
            if (_members.Remove(member) && --_socketsByPrincipal[member.Principal.PrincipalId] == 0)
            {
                _socketsByPrincipal.Remove(member.Principal.PrincipalId);
                _version++;
            }
            return _members.Count == 0;
        }
    }

    /// <summary>Writes the presence to those that have not seen it as it is now.</summary>
    /// <returns>True when everybody has; else call again later.</returns>
    public bool PublishPresence()
    {
        IHubMember[] behind;
        long version;
        byte[] frame;
        lock (_lock)
        {
            version = _version;
            behind = [.. _members.Where(member => member.PresenceSeen != version)];
            if (behind.Length == 0)
                return true;
            frame = PresenceFrame();
        }
        var all = true;
        foreach (var member in behind)
        {
            if (member.TryWrite(frame))
                member.PresenceSeen = version;
            else
                all = false;
        }
        return all;
    }

    /// <summary>Tells everybody else who writes.</summary>
    public void PublishTyping(Caller author)
    {
        var frame = FrameBatch.Single(
            FrameTypes.Typing,
            (_channelId, author),
            static (json, typing) =>
            {
                json.WriteString("channel_id"u8, typing._channelId);
                json.WritePropertyName("principal"u8);
                WritePrincipal(json, typing.author);
            }
        );
        IHubMember[] others;
        lock (_lock)
            others = [.. _members.Where(member => member.Principal.PrincipalId != author.PrincipalId)];
        foreach (var member in others)
            member.TryWrite(frame);
    }

    private byte[] PresenceFrame() =>
        FrameBatch.Single(
            FrameTypes.Presence,
            this,
            static (json, hub) =>
            {
                json.WriteString("channel_id"u8, hub._channelId);
                json.WriteNumber("count"u8, hub._socketsByPrincipal.Count);
                json.WriteStartArray("principals"u8);
                foreach (
                    var principal in hub
                        ._members.Select(member => member.Principal)
                        .DistinctBy(at => at.PrincipalId)
                        .Take(NamedMax)
                )
                    WritePrincipal(json, principal);
                json.WriteEndArray();
            }
        );

    private static void WritePrincipal(System.Text.Json.Utf8JsonWriter json, Caller principal)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, principal.PrincipalId);
        json.WriteString("name"u8, principal.Name);
        json.WriteString("kind"u8, NameOf(principal.Kind));
        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> NameOf(PrincipalKind kind) =>
        kind switch
        {
            PrincipalKind.Human => "human"u8,
            PrincipalKind.Agent => "agent"u8,
            _ => "service"u8,
        };
}
