namespace Ams.Conformance.Resources;

public sealed class ChannelMemberTests
{
    [Fact, Promise(5, "One joins and leaves a workspace channel oneself; 204, also when it was so already")]
    public async Task Anybody_joins_and_leaves_a_workspace_channel()
    {
        var (world, _, channel) = await World.WithChannelAsync();
        var other = await world.MemberAsync();
        var place = $"/v1/channels/{channel}/members/{other.Id}";

        (await other.PutAsync(place)).ShouldBe(204);
        (await other.PutAsync(place)).ShouldBe(204);
        (await MembersAsync(other, channel)).ShouldContain(other.Id);
        (await other.DeleteAsync(place)).ShouldBe(204);
        (await other.DeleteAsync(place)).ShouldBe(204);
        (await MembersAsync(other, channel)).ShouldNotContain(other.Id);
        (await other.GetAsync($"/v1/channels/{channel}/events")).ShouldBe(200);
    }

    [Fact, Promise(5, "Others are added and taken out by who manages the channel")]
    public async Task Who_does_not_manage_a_channel_adds_nobody()
    {
        var (world, creator, channel) = await World.WithChannelAsync();
        var (other, third) = (await world.MemberAsync(), await world.MemberAsync());
        var place = $"/v1/channels/{channel}/members/{third.Id}";

        (await other.PutAsync(place)).ShouldBeProblem("role_too_low");
        (await creator.PutAsync(place)).ShouldBe(204);
        (await other.DeleteAsync(place)).ShouldBeProblem("role_too_low");
        (await world.Owner.DeleteAsync(place)).ShouldBe(204);
        (await creator.PutAsync($"/v1/channels/{channel}/members/prn_none")).ShouldBeProblem("not_found");
    }

    [Fact, Promise(3, "A private channel is there for whom it is opened to, and gone for who is taken out")]
    public async Task A_private_channel_opens_and_closes()
    {
        var world = await World.NewAsync();
        var (creator, guest) = (await world.MemberAsync(), await world.MemberAsync());
        var channel = await World.ChannelAsync(creator, new { name = "closed", visibility = "private" });
        var place = $"/v1/channels/{channel}/members/{guest.Id}";

        (await guest.PutAsync(place)).ShouldBeProblem("not_found");
        (await creator.PutAsync(place)).ShouldBe(204);
        (await guest.SayAsync(channel, new { text = "hello" }, "k")).ShouldBe(201);
        (await creator.DeleteAsync(place)).ShouldBe(204);
        (await guest.GetAsync($"/v1/channels/{channel}/events")).ShouldBeProblem("not_found");
        (await guest.GetAsync($"/v1/channels/{channel}/messages/1")).ShouldBeProblem("not_found");
        (await guest.SayAsync(channel, new { text = "still?" }, "l")).ShouldBeProblem("not_found");
    }

    [Fact, Promise(5, "A private channel is created with its members")]
    public async Task Members_named_at_creation_are_in_it()
    {
        var world = await World.NewAsync();
        var (creator, guest) = (await world.MemberAsync(), await world.MemberAsync());

        var channel = await World.ChannelAsync(
            creator,
            new
            {
                name = "crew",
                visibility = "private",
                members = new[] { guest.Id },
            }
        );

        (await MembersAsync(guest, channel)).ShouldBe([creator.Id, guest.Id], ignoreOrder: true);
    }

    [Fact, Promise(5, "The last member of a private channel may leave")]
    public async Task The_last_member_may_leave()
    {
        var world = await World.NewAsync();
        var creator = await world.MemberAsync();
        var channel = await World.ChannelAsync(creator, new { name = "alone", visibility = "private" });

        (await creator.DeleteAsync($"/v1/channels/{channel}/members/{creator.Id}")).ShouldBe(204);

        (await creator.GetAsync($"/v1/channels/{channel}")).ShouldBeProblem("not_found");
    }

    private static async Task<IEnumerable<string>> MembersAsync(Actor by, string channel) =>
        (await by.GetAsync($"/v1/channels/{channel}/members"))
            .ShouldBe(200)
            .Items.Select(member => member.GetProperty("id").GetString()!);
}
