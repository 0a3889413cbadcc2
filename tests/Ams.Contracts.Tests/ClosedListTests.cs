using System.Reflection;

namespace Ams.Contracts.Tests;

/// <summary>The closed lists against docs/protocol.md, so that neither can grow without the other.</summary>
public sealed class ClosedListTests
{
    private static readonly string Protocol = File.ReadAllText(Path.Combine(Root(), "docs", "protocol.md"));

    [Fact]
    public void Every_error_code_stands_in_the_protocols_table_of_its_status()
    {
        foreach (var code in ErrorCodes.ByCode.Values)
            Rows(code.Status).ShouldContain(row => row.Contains($"`{code.Code}`"), $"{code.Code} is no {code.Status}");
    }

    [Fact]
    public void Every_code_of_the_protocols_table_is_in_the_list()
    {
        var listed = Protocol.Split("## 4. Errors")[1].Split("## 5.")[0].Split('\n').Where(IsRow).SelectMany(Codes).Where(IsCode);

        listed.ShouldAllBe(code => ErrorCodes.ByCode.ContainsKey(code));
    }

    [Fact]
    public void Only_what_may_succeed_later_is_retryable()
    {
        ErrorCodes
            .ByCode.Values.Where(code => code.Retryable)
            .Select(code => code.Code)
            .ShouldBe(["claim_held", "rate_limited", "store_unavailable", "shard_moving", "draining"], ignoreOrder: true);
    }

    [Fact]
    public void There_is_no_5xx_but_503() =>
        ErrorCodes.ByCode.Values.ShouldAllBe(code => code.Status < 500 || code.Status == 503);

    [Fact]
    public void Every_event_type_has_a_dot_and_no_frame_type_has()
    {
        Constants(typeof(EventTypes)).ShouldAllBe(type => type.Contains('.'));
        Constants(typeof(FrameTypes)).ShouldAllBe(type => !type.Contains('.'));
    }

    [Fact]
    public void Every_event_and_frame_type_stands_in_the_protocol()
    {
        foreach (var type in Constants(typeof(EventTypes)).Concat(Constants(typeof(FrameTypes))))
            Protocol.ShouldContain(type);
    }

    [Theory]
    [InlineData(1001, true)]
    [InlineData(1006, true)]
    [InlineData(1011, true)]
    [InlineData(1012, true)]
    [InlineData(4000, true)]
    [InlineData(4499, true)]
    [InlineData(1000, false)]
    [InlineData(3999, false)]
    [InlineData(4500, false)]
    [InlineData(4999, false)]
    public void A_close_code_says_whether_to_come_back(int code, bool reconnects) =>
        CloseCodes.ShouldReconnect(code).ShouldBe(reconnects);

    private static IEnumerable<string> Rows(int status) =>
        Protocol.Split('\n').Where(line => IsRow(line) && line.Split('|')[1].Contains(status.ToString()));

    private static bool IsRow(string line) => line.StartsWith("| ", StringComparison.Ordinal) && char.IsDigit(line[2]);

    private static IEnumerable<string> Codes(string row) => row.Split('`').Where((_, i) => i % 2 == 1);

    private static bool IsCode(string word) =>
        word.All(c => char.IsAsciiLetterLower(c) || c == '_') && word is not ("event" or "after" or "first_available_seq");

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Ams.sln")))
            directory = directory.Parent;
        return directory.FullName;
    }
}
