using System.Text.Json;

namespace Ams.Cluster.Tests.Histories;

/// <summary>Judges a history against what must always hold (architecture, section 6). Every finding is a sentence; none means all held.</summary>
public static class HistoryJudge
{
    /// <summary>Judges.</summary>
    /// <param name="history">What clients saw.</param>
    /// <param name="finalLog">The whole log, read from 0 after everything had ended.</param>
    public static IReadOnlyList<string> Judge(History history, IReadOnlyList<LogEntry> finalLog)
    {
        var bySeq = finalLog.GroupBy(entry => entry.Seq).ToDictionary(group => group.Key, group => group.First().Bytes);
        return
        [
            .. GapsIn(finalLog),
            .. DoublesIn(finalLog),
            .. LostOrChangedAcks(history, bySeq),
            .. UnequalAcks(history),
            .. OrderAgainstRealTime(history),
            .. BadReads(history, bySeq),
            .. StaleHeads(history),
        ];
    }

    // 3: channel_seq runs 1…head without a gap.
    private static IEnumerable<string> GapsIn(IReadOnlyList<LogEntry> log)
    {
        for (var i = 0; i < log.Count; i++)
        {
            if (log[i].Seq != i + 1)
            {
                yield return $"The final log has {log[i].Seq} where {i + 1} belongs.";
                yield break;
            }
        }
    }

    // 2: at most one event per key. Clients put "writer/key" into the text, so that the log itself tells.
    private static IEnumerable<string> DoublesIn(IReadOnlyList<LogEntry> log) =>
        log.GroupBy(entry => Text(entry.Bytes), StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => $"'{group.Key}' is in the log {group.Count()} times, at {Join(group.Select(entry => entry.Seq))}.");

    // 1: an acknowledged key is in the final log at the acknowledged number, with the acknowledged bytes.
    private static IEnumerable<string> LostOrChangedAcks(History history, Dictionary<long, string> log)
    {
        foreach (var post in history.Posts)
        {
            foreach (var ack in post.Acknowledged)
            {
                if (!log.TryGetValue(ack.Seq, out var bytes))
                    yield return $"{post.Writer}/{post.Key} was acknowledged at {ack.Seq}, which is not in the log.";
                else if (!string.Equals(bytes, ack.Bytes, StringComparison.Ordinal))
                    yield return $"{post.Writer}/{post.Key} was acknowledged at {ack.Seq} with other bytes than the log has: {ack.Bytes} / {bytes}";
                else if (!string.Equals(Text(bytes), $"{post.Writer}/{post.Key}", StringComparison.Ordinal))
                    yield return $"{post.Writer}/{post.Key} was acknowledged with somebody else's event: {bytes}";
            }
        }
    }

    // 2: all acknowledgements of a key are equal.
    private static IEnumerable<string> UnequalAcks(History history) =>
        history
            .Posts.Where(post => post.Acknowledged.Distinct().Count() > 1)
            .Select(post =>
                $"{post.Writer}/{post.Key} was acknowledged differently: {Join(post.Acknowledged.Select(ack => ack.Seq))}."
            );

    // 3: a post begun after another's acknowledgement has the higher number.
    private static IEnumerable<string> OrderAgainstRealTime(History history)
    {
        var answered = history
            .Posts.Where(post => post is { Answered: not null, Acknowledged.Count: > 0 })
            .OrderBy(post => post.Answered)
            .ToList();
        var highest = 0L;
        var next = 0;
        foreach (var post in answered.OrderBy(post => post.Begun))
        {
            for (; next < answered.Count && answered[next].Answered < post.Begun; next++)
                highest = Math.Max(highest, answered[next].Acknowledged[0].Seq);
            if (post.Acknowledged[0].Seq <= highest)
                yield return $"{post.Writer}/{post.Key} began after {highest} was acknowledged and got {post.Acknowledged[0].Seq}.";
        }
    }

    // 4 and 6: on one connection it goes up by exactly one from after + 1; what was delivered is in the log.
    private static IEnumerable<string> BadReads(History history, Dictionary<long, string> log)
    {
        foreach (var read in history.Reads)
        {
            var expected = read.After + 1;
            foreach (var entry in read.Entries)
            {
                if (entry.Seq != expected)
                {
                    yield return $"{read.Reader}, which asked after {read.After}, got {entry.Seq} where {expected} belongs.";
                    break;
                }
                expected++;
                if (!log.TryGetValue(entry.Seq, out var bytes))
                    yield return $"{read.Reader} got {entry.Seq}, which is not in the log.";
                else if (!string.Equals(bytes, entry.Bytes, StringComparison.Ordinal))
                    yield return $"{read.Reader} got other bytes at {entry.Seq} than the log has: {entry.Bytes} / {bytes}";
            }
        }
    }

    // 5: a read begun after an acknowledgement at s sees a head of at least s.
    private static IEnumerable<string> StaleHeads(History history)
    {
        var acks = history
            .Posts.Where(post => post is { Answered: not null, Acknowledged.Count: > 0 })
            .OrderBy(post => post.Answered)
            .ToList();
        var highest = 0L;
        var next = 0;
        foreach (var head in history.Heads.OrderBy(head => head.Begun))
        {
            for (; next < acks.Count && acks[next].Answered < head.Begun; next++)
                highest = Math.Max(highest, acks[next].Acknowledged[0].Seq);
            if (head.Head < highest)
                yield return $"A read begun after {highest} was acknowledged saw the head {head.Head}.";
        }
    }

    private static string Text(string bytes)
    {
        using var json = JsonDocument.Parse(bytes);
        return json.RootElement.GetProperty("text").GetString()!;
    }

    private static string Join(IEnumerable<long> numbers) => string.Join(", ", numbers);
}
