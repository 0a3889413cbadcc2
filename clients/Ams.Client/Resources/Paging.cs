using System.Runtime.CompilerServices;
using Ams.Contracts;

namespace Ams.Client;

/// <summary>Follows the <c>next</c> of a list to its end.</summary>
internal static class Paging
{
    public static async IAsyncEnumerable<T> AllAsync<T>(
        Func<string?, CancellationToken, Task<Page<T>>> page,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        string? cursor = null;
        do
        {
            var found = await page(cursor, ct);
            foreach (var item in found.Items)
            {
                yield return item;
            }

            cursor = found.Next;
        } while (cursor is not null);
    }
}
