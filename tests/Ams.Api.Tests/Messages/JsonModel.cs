using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Ams.Api.Tests.Messages;

/// <summary>JSON values as a model, and many ways of writing one.</summary>
internal abstract record JsonModel
{
    /// <summary>Message bodies with a text and a payload.</summary>
    public static Arbitrary<JsonModel> Bodies() =>
        Arb.From(
            from text in Gen.Elements("a", "b\n", "ü/\"\\", "😀\u0001")
            from payload in Gen.Sized(size => Object(Math.Min(size, 12)))
            from withText in Gen.Elements(true, false)
            select (JsonModel)new Members(withText ? [("text", new Text(text)), ("payload", payload)] : [("payload", payload)])
        );

    /// <summary>Writes it: plainly without <paramref name="random"/>, else in random order, spacing and escaping.</summary>
    public string Write(Random? random)
    {
        var json = new StringBuilder();
        Write(json, random);
        return json.ToString();
    }

    protected abstract void Write(StringBuilder json, Random? random);

    private static Gen<JsonModel> Object(int size) =>
        from count in Gen.Choose(0, Math.Min(size, 20))
        from names in Gen.ArrayOf(Gen.Elements("a", "b", "aa", "ab", "", "ü", "a\"", "\t", "😀", "A", "€"), count)
        from values in Gen.ArrayOf(Any(size / 2), count)
        select (JsonModel)
            new Members([
                .. names.Zip(values).DistinctBy(pair => pair.First).OrderBy(pair => pair.First, StringComparer.Ordinal),
            ]);

    private static Gen<JsonModel> Any(int size)
    {
        var leaf = Gen.OneOf(
            Gen.Elements("1", "1.0", "-0", "1e2", "true", "false", "null").Select(literal => (JsonModel)new Literal(literal)),
            Gen.Elements("", "a", "ü\u0000", "\"\\/", "😀").Select(text => (JsonModel)new Text(text))
        );
        if (size < 2)
            return leaf;
        var array =
            from count in Gen.Choose(0, 4)
            from items in Gen.ArrayOf(Any(size / 2), count)
            select (JsonModel)new Items(items);
        return Gen.OneOf(leaf, array, Object(size));
    }

    private static void Space(StringBuilder json, Random? random)
    {
        for (var i = random?.Next(3) ?? 0; i > 0; i--)
            json.Append(" \t\r\n"[random!.Next(4)]);
    }

    private static void WriteString(StringBuilder json, string text, Random? random)
    {
        json.Append('"');
        foreach (var unit in text)
        {
            var mustEscape = unit is '"' or '\\' or < ' ' || char.IsSurrogate(unit) && random is null;
            if (mustEscape || random?.Next(2) == 0 && !char.IsSurrogate(unit))
                json.Append("\\u").Append(((int)unit).ToString(random?.Next(2) == 0 ? "X4" : "x4"));
            else
                json.Append(unit);
        }
        json.Append('"');
    }

    private sealed record Literal(string Value) : JsonModel
    {
        protected override void Write(StringBuilder json, Random? random) => json.Append(Value);
    }

    private sealed record Text(string Value) : JsonModel
    {
        protected override void Write(StringBuilder json, Random? random) => WriteString(json, Value, random);
    }

    private sealed record Items(JsonModel[] Values) : JsonModel
    {
        protected override void Write(StringBuilder json, Random? random)
        {
            json.Append('[');
            for (var i = 0; i < Values.Length; i++)
            {
                json.Append(i == 0 ? "" : ",");
                Space(json, random);
                Values[i].Write(json, random);
                Space(json, random);
            }
            json.Append(']');
        }
    }

    private sealed record Members((string Name, JsonModel Value)[] Pairs) : JsonModel
    {
        protected override void Write(StringBuilder json, Random? random)
        {
            var order = Pairs.ToArray();
            random?.Shuffle(order);
            Space(json, random);
            json.Append('{');
            for (var i = 0; i < order.Length; i++)
            {
                json.Append(i == 0 ? "" : ",");
                Space(json, random);
                WriteString(json, order[i].Name, random);
                Space(json, random);
                json.Append(':');
                Space(json, random);
                order[i].Value.Write(json, random);
                Space(json, random);
            }
            json.Append('}');
        }
    }
}
