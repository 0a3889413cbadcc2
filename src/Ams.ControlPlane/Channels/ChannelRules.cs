using System.Buffers;
using Ams.Contracts;
using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Channels;

/// <summary>What a channel may look like.</summary>
internal static class ChannelRules
{
    private const int NameLengthMax = 80;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");
    private static readonly SearchValues<char> FirstCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    public static Refusal? Form(NewChannel channel)
    {
        if ((Name(channel.Name) ?? Topic(channel.Topic) ?? MaxHops(channel.MaxHops)) is { } refusal)
            return refusal;
        if (channel.Visibility == ChannelVisibility.Direct)
            return Refusal.Invalid(
                "visibility",
                "Open a direct channel with POST /v1/direct; here it is \"workspace\" or \"private\"."
            );
        return channel.Members is { Count: > Limits.InitialMembersMax }
            ? Refusal.Invalid("members", $"Give at most {Limits.InitialMembersMax} members, and add the others afterwards.")
            : null;
    }

    public static Refusal? Form(ChannelRecord channel, ChannelChange change)
    {
        if (change.Name is not null && channel.Visibility == ChannelVisibility.Direct)
            return Refusal.Invalid("name", "A direct channel has no name; it is known by its members.");
        return (change.Name is null ? null : Name(change.Name)) ?? Topic(change.Topic) ?? MaxHops(change.MaxHops);
    }

    /// <summary>The channel with the change in it.</summary>
    public static ChannelRecord Apply(ChannelRecord channel, ChannelChange change) =>
        channel with
        {
            Name = change.Name ?? channel.Name,
            Topic = change.Topic is null ? channel.Topic : TextRules.OrNull(change.Topic),
            MaxHops = change.MaxHops ?? channel.MaxHops,
        };

    /// <summary>The set of a direct channel: sorted, each once, the caller in it.</summary>
    public static Outcome<IReadOnlyList<string>> DirectSet(string caller, IReadOnlyList<string> principalIds)
    {
        if (principalIds.Count == 0)
            return Refusal.Invalid("principals", "Name at least one principal to talk to.");
        string[] set = [.. principalIds.Append(caller).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return set.Length > Limits.DirectPrincipalsMax
            ? Refusal.Invalid(
                "principals",
                $"A direct channel has at most {Limits.DirectPrincipalsMax} principals; create a private channel."
            )
            : set;
    }

    /// <summary>The members of a direct channel never change.</summary>
    public static Refusal? MembersMayChange(ChannelRecord channel) =>
        channel.Visibility == ChannelVisibility.Direct
            ? Refusal.Invalid("principal_id", "The members of a direct channel are fixed; open another one for another set.")
            : null;

    public static Refusal NameTaken(string name) =>
        new(ErrorCodes.NameTaken, $"A channel is called '{name}' already; choose another name, or archive that one.");

    private static Refusal? Name(string? name) =>
        name is { Length: >= 1 and <= NameLengthMax }
        && FirstCharacters.Contains(name[0])
        && !name.AsSpan().ContainsAnyExcept(NameCharacters)
            ? null
            : Refusal.Invalid(
                "name",
                $"A channel's name has 1 to {NameLengthMax} of a to z, 0 to 9, '.', '_' and '-', and begins with a letter or digit."
            );

    private static Refusal? Topic(string? topic) => TextRules.Free("topic", topic, Limits.TopicLengthMax);

    private static Refusal? MaxHops(int? maxHops) =>
        maxHops is null or (>= 1 and <= Limits.MaxHopsMax)
            ? null
            : Refusal.Invalid("max_hops", $"Give a number from 1 to {Limits.MaxHopsMax}.");
}
