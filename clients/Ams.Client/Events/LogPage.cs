using System.Text.Json;

namespace Ams.Client;

/// <summary>A page of a channel's log, or of its messages.</summary>
/// <typeparam name="T"><see cref="AmsEvent"/> or <see cref="AmsMessage"/>.</typeparam>
/// <param name="Items">Ascending by <c>channel_seq</c>.</param>
/// <param name="HeadSeq">The log's head when the page was made.</param>
/// <param name="FirstAvailableSeq">Where the log begins: 1, unless retention removed its beginning.</param>
/// <param name="LogId">The log's incarnation.</param>
/// <param name="NextAfter">The <c>after</c> of the next page.</param>
/// <param name="NextBefore">Of messages: the <c>before</c> of the page before this one; null at the beginning.</param>
/// <param name="HasMore">True when more lies in the direction of reading.</param>
public sealed record LogPage<T>(
    IReadOnlyList<T> Items,
    long HeadSeq,
    long FirstAvailableSeq,
    string LogId,
    long NextAfter,
    long? NextBefore,
    bool HasMore
)
{
    internal static LogPage<T> Read(byte[] body, Func<ReadOnlyMemory<byte>, T> item)
    {
        var items = ItemSlices.Cut(body, "items"u8).ConvertAll(slice => item(slice));
        var facts = Answer.Parse(body, ClientJson.Default.LogPageFacts);
        return new LogPage<T>(
            items,
            facts.HeadSeq,
            facts.FirstAvailableSeq,
            facts.LogId,
            facts.NextAfter ?? 0,
            facts.NextBefore,
            facts.HasMore
        );
    }
}

/// <summary>What stands beside the items of a page.</summary>
internal sealed record LogPageFacts(
    long HeadSeq,
    long FirstAvailableSeq,
    string LogId,
    long? NextAfter,
    long? NextBefore,
    bool HasMore
);
