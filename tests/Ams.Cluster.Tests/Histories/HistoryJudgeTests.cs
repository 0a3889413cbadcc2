namespace Ams.Cluster.Tests.Histories;

public sealed class HistoryJudgeTests
{
    private readonly History _history = new();
    private readonly List<LogEntry> _log = [];

    private static LogEntry Entry(long seq, string text) => new(seq, $$"""{"channel_seq":{{seq}},"text":"{{text}}"}""");

    /// <summary>A log of w/1, w/2, w/3, each acknowledged before the next began, and a reader of all.</summary>
    private void GoodRun()
    {
        for (var seq = 1; seq <= 3; seq++)
        {
            _log.Add(Entry(seq, $"w/{seq}"));
            _history.Add(new PostRecord("w", $"{seq}", seq * 10, (seq * 10) + 5, [_log[^1]]));
        }
        _history.Add(new ReadRecord("r", 0, [.. _log]));
        _history.Add(new HeadRecord(36, 3));
    }

    private string Finding() => HistoryJudge.Judge(_history, _log).ShouldHaveSingleItem();

    [Fact]
    public void A_good_run_has_no_finding()
    {
        GoodRun();

        HistoryJudge.Judge(_history, _log).ShouldBeEmpty();
    }

    [Fact]
    public void An_unanswered_post_may_be_in_the_log_or_not()
    {
        GoodRun();
        _log.Add(Entry(4, "w/4"));
        _history.Add(new PostRecord("w", "4", 40, null, []));
        _history.Add(new PostRecord("w", "5", 50, null, []));

        HistoryJudge.Judge(_history, _log).ShouldBeEmpty();
    }

    [Fact]
    public void A_lost_acknowledgement_is_found()
    {
        GoodRun();
        _history.Add(new PostRecord("w", "4", 40, 45, [Entry(4, "w/4")]));

        Finding().ShouldBe("w/4 was acknowledged at 4, which is not in the log.");
    }

    [Fact]
    public void An_acknowledgement_with_other_bytes_is_found()
    {
        GoodRun();
        _log.Add(Entry(4, "w/4"));
        _history.Add(new PostRecord("w", "4", 40, 45, [_log[3] with { Bytes = "{}" }]));

        Finding().ShouldContain("other bytes");
    }

    [Fact]
    public void An_acknowledgement_with_anothers_event_is_found()
    {
        GoodRun();
        _log.Add(Entry(4, "v/9"));
        _history.Add(new PostRecord("w", "4", 40, 45, [_log[3]]));

        Finding().ShouldContain("somebody else's event");
    }

    [Fact]
    public void A_doubled_key_is_found()
    {
        GoodRun();
        _log.Add(Entry(4, "w/3"));

        Finding().ShouldBe("'w/3' is in the log 2 times, at 3, 4.");
    }

    [Fact]
    public void Two_different_acknowledgements_of_a_key_are_found()
    {
        GoodRun();
        _log.Add(Entry(4, "w/4"));
        _history.Add(new PostRecord("w", "4", 40, 45, [_log[3], _log[3] with { Seq = 2, Bytes = _log[1].Bytes }]));

        HistoryJudge.Judge(_history, _log).ShouldContain("w/4 was acknowledged differently: 4, 2.");
    }

    [Fact]
    public void A_gap_is_found()
    {
        GoodRun();
        _log.Add(Entry(5, "w/5"));

        Finding().ShouldBe("The final log has 5 where 4 belongs.");
    }

    [Fact]
    public void An_order_against_real_time_is_found()
    {
        GoodRun();
        _log.Add(Entry(4, "w/4"));
        _log.Add(Entry(5, "w/5"));
        _history.Add(new PostRecord("w", "5", 40, 45, [_log[4]]));
        _history.Add(new PostRecord("w", "4", 50, 55, [_log[3]]));

        Finding().ShouldBe("w/4 began after 5 was acknowledged and got 4.");
    }

    [Fact]
    public void Posts_that_overlap_may_stand_in_any_order()
    {
        GoodRun();
        _log.Add(Entry(4, "w/4"));
        _log.Add(Entry(5, "w/5"));
        _history.Add(new PostRecord("w", "5", 40, 60, [_log[4]]));
        _history.Add(new PostRecord("w", "4", 50, 55, [_log[3]]));

        HistoryJudge.Judge(_history, _log).ShouldBeEmpty();
    }

    [Fact]
    public void A_reader_that_misses_one_is_found()
    {
        GoodRun();
        _history.Add(new ReadRecord("s", 0, [_log[0], _log[2]]));

        Finding().ShouldBe("s, which asked after 0, got 3 where 2 belongs.");
    }

    [Fact]
    public void A_reader_that_gets_one_twice_is_found()
    {
        GoodRun();
        _history.Add(new ReadRecord("s", 1, [_log[1], _log[1]]));

        Finding().ShouldBe("s, which asked after 1, got 2 where 3 belongs.");
    }

    [Fact]
    public void A_resume_that_begins_elsewhere_is_found()
    {
        GoodRun();
        _history.Add(new ReadRecord("s", 1, [_log[2]]));

        Finding().ShouldBe("s, which asked after 1, got 3 where 2 belongs.");
    }

    [Fact]
    public void A_delivery_that_is_not_in_the_log_is_found()
    {
        GoodRun();
        _history.Add(new ReadRecord("s", 3, [Entry(4, "w/4")]));

        Finding().ShouldBe("s got 4, which is not in the log.");
    }

    [Fact]
    public void A_head_older_than_an_acknowledgement_is_found()
    {
        GoodRun();
        _history.Add(new HeadRecord(200, 2));

        Finding().ShouldBe("A read begun after 3 was acknowledged saw the head 2.");
    }
}
