using System.Text;
using Ams.Actors.Persistence;
using Ams.Actors.Persistence.Sqlite;
using Ams.Contracts;
using Ams.TestKit.Persistence;

namespace Ams.Actors.Tests.Persistence;

/// <summary>What is deleted is gone from the stored bytes once the append has returned: from the file and from the write-ahead log.</summary>
public sealed class SqliteErasureTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Erased_content_is_in_no_file_when_the_append_has_returned()
    {
        await using var store = await OpenAsync();
        await CommitAsync(store, Logs.Batch("chn_a", 0, Logs.Message(1, text: "CANARY-1"), Logs.Message(2, text: "stays")));
        Found("CANARY-1").ShouldBeTrue();

        await DeleteAsync(store, 3, 1);

        Found("CANARY-1").ShouldBeFalse();
        Found("stays").ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_copy_of_erased_content_is_left_however_the_rows_lay(int seed)
    {
        var random = new Random(seed);
        await using var store = await OpenAsync();
        const int Count = 300;
        var head = 0L;
        for (var seq = 1; seq <= Count; seq++, head++)
            await CommitAsync(
                store,
                Logs.Batch("chn_a", head, Logs.Message(seq, key: $"{random.Next()}", text: Canary(seq, random)))
            );
        var edits = new Dictionary<long, List<long>>();
        for (var i = 0; i < 300; i++)
        {
            var seq = random.Next(1, Count + 1);
            edits.TryAdd(seq, []);
            edits[seq].Add(++head);
            var text = Canary(seq, random);
            await CommitAsync(
                store,
                Logs.Batch("chn_a", head - 1, Logs.About(head, EventTypes.MessageEdited, seq, text)) with
                {
                    Messages = [new MessageWrite(seq, Deleted: false, Logs.Json(seq, text))],
                }
            );
        }
        var deleted = Enumerable.Range(1, Count).OrderBy(_ => random.Next()).Take(Count / 2).ToList();

        foreach (var seq in deleted)
            await DeleteAsync(store, ++head, seq, [.. edits.GetValueOrDefault(seq, [])]);

        var stored = Stored();
        deleted.Where(seq => stored.Contains($"CANARY-{seq}-", StringComparison.Ordinal)).ShouldBeEmpty();
        Enumerable
            .Range(1, Count)
            .Except(deleted)
            .ShouldAllBe(seq => stored.Contains($"CANARY-{seq}-", StringComparison.Ordinal));
    }

    private static string Canary(long seq, Random random) =>
        string.Concat(Enumerable.Repeat($"CANARY-{seq}-", random.Next(1, random.Next(4) == 0 ? 2000 : 40)));

    private Task<SqliteStore> OpenAsync() => SqliteStores.OpenAsync(_directory.File("ams.db"));

    private static async Task DeleteAsync(SqliteStore store, long at, long messageSeq, params long[] edits) =>
        await CommitAsync(
            store,
            Logs.Batch("chn_a", at - 1, Logs.About(at, EventTypes.MessageDeleted, messageSeq)) with
            {
                Messages = [new MessageWrite(messageSeq, Deleted: true, Logs.Json(messageSeq, ""))],
                Rewrites = [.. edits.Append(messageSeq).Select(seq => new EventRewrite(seq, Logs.Json(seq, "")))],
            }
        );

    private static async Task CommitAsync(SqliteStore store, AppendBatch batch) =>
        (await store.Journal.AppendAsync(batch)).ShouldBe(AppendStatus.Committed);

    private bool Found(string text) => Stored().Contains(text, StringComparison.Ordinal);

    private string Stored()
    {
        var all = new StringBuilder();
        foreach (var name in new[] { "ams.db", "ams.db-wal" })
        {
            using var file = new FileStream(_directory.File(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file, Encoding.Latin1);
            all.Append(reader.ReadToEnd());
        }
        return all.ToString();
    }
}
