using Ams.Contracts;

namespace Ams.Api.Messages;

/// <summary>What stands against a body, gathered while it is read to its end, so that the answer follows the protocol's order (JSON, size, members)
/// and names all that is wrong at once.</summary>
internal sealed class DraftFaults
{
    /// <summary>How many members an answer names at most: enough to mend a request, too little to be worth provoking.</summary>
    public const int MembersMax = 20;

    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);
    private string? _tooLarge;

    /// <summary>True while nothing stands against the body.</summary>
    public bool IsEmpty => _errors.Count == 0 && _tooLarge is null;

    /// <summary>A member that is over its size.</summary>
    public void TooLarge(string sentence) => _tooLarge ??= sentence;

    /// <summary>A member that is unknown, doubled, of the wrong type or out of its range. The first fault of a member is told.</summary>
    public void Add(string member, string sentence)
    {
        if (_errors.Count < MembersMax)
            _errors.TryAdd(member, [sentence]);
    }

    /// <summary>The refusal: a size before a member.</summary>
    public Refusal ToRefusal() =>
        _tooLarge is not null
            ? new Refusal(ErrorCodes.BodyTooLarge, _tooLarge)
            : new Refusal(
                ErrorCodes.InvalidRequest,
                _errors.Count == 1 ? _errors.First().Value[0] : "Several members are not valid; `errors` says what to change."
            )
            {
                Errors = _errors,
            };
}
