using Ams.ControlPlane.Storage;

namespace Ams.ControlPlane.Tests;

public sealed class CoherentCacheTests
{
    [Fact]
    public void What_was_read_before_an_eviction_is_not_put_in_after_it()
    {
        var cache = new CoherentCache<string, string>("tests", 10);
        var ticket = cache.Ticket("a");

        cache.Evict("a");
        cache.Put("a", "stale", ticket);

        cache.TryGet("a", out _).ShouldBeFalse();
        cache.Put("a", "fresh", cache.Ticket("a"));
        cache.TryGet("a", out var value).ShouldBeTrue();
        value.ShouldBe("fresh");
    }

    [Fact]
    public void An_eviction_by_content_spoils_what_is_being_read()
    {
        var cache = new CoherentCache<string, string>("tests", 10);
        cache.Put("a", "x", cache.Ticket("a"));
        cache.Put("b", "y", cache.Ticket("b"));
        var ticket = cache.Ticket("c");

        cache.EvictWhere((_, value) => value == "x");
        cache.Put("c", "x", ticket);

        cache.TryGet("a", out _).ShouldBeFalse();
        cache.TryGet("b", out _).ShouldBeTrue();
        cache.TryGet("c", out _).ShouldBeFalse();
    }

    [Fact]
    public void It_stays_bounded_and_keeps_what_is_used()
    {
        var cache = new CoherentCache<int, string>("tests", 100);
        cache.Put(-1, "used", cache.Ticket(-1));

        for (var i = 0; i < 10_000; i++)
        {
            cache.Put(i, "once", cache.Ticket(i));
            cache.TryGet(-1, out _).ShouldBeTrue();
            cache.Count.ShouldBeLessThanOrEqualTo(100);
        }
    }

    [Fact]
    public async Task Readers_beside_a_writer_never_leave_an_old_value_behind()
    {
        var cache = new CoherentCache<int, string>("tests", 8);
        var stored = 0;
        var isDone = false;
        void Read(int key)
        {
            if (cache.TryGet(key, out _))
                return;
            var ticket = cache.Ticket(key);
            cache.Put(key, $"{Volatile.Read(ref stored)}", ticket);
        }
        var readers = Enumerable
            .Range(0, 4)
            .Select(_ =>
                Task.Run(() =>
                {
                    for (var i = 0; !Volatile.Read(ref isDone); i++)
                        Read(i % 12);
                })
            )
            .ToList();

        try
        {
            for (var version = 1; version <= 2_000; version++)
            {
                Volatile.Write(ref stored, version);
                if (version % 2 == 0)
                    cache.EvictWhere((_, _) => true);
                else
                    Enumerable.Range(0, 12).ToList().ForEach(cache.Evict);
                for (var key = 0; key < 12; key++)
                {
                    if (cache.TryGet(key, out var value))
                        value.ShouldBe($"{version}");
                }
            }
        }
        finally
        {
            Volatile.Write(ref isDone, true);
        }
        await Task.WhenAll(readers);
    }
}
