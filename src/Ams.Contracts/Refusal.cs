namespace Ams.Contracts;

/// <summary>An expected "no": a value, never an exception. It becomes a problem+json, an error frame or a close code at the edge.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="Detail">A sentence that says what to do. Holds nothing secret and nothing of another workspace.</param>
public sealed record Refusal(ErrorCode Code, string Detail)
{
    /// <summary>Member → sentences, for a request that fails validation; null otherwise.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>For <see cref="ErrorCodes.InvalidCursor"/>: the log's head. Null when it does not apply.</summary>
    public long? HeadSeq { get; init; }

    /// <summary>For <see cref="ErrorCodes.InvalidCursor"/>: the log's incarnation.</summary>
    public string? LogId { get; init; }

    /// <summary>For <see cref="ErrorCodes.LogTruncated"/>: where the log now begins.</summary>
    public long? FirstAvailableSeq { get; init; }

    /// <summary>For the codes that tell what came first: the stored bytes of that event, verbatim. Empty when it does not apply.</summary>
    public ReadOnlyMemory<byte> Event { get; init; }

    /// <summary>A request in which one member is wrong.</summary>
    public static Refusal Invalid(string member, string sentence) =>
        new(ErrorCodes.InvalidRequest, sentence)
        {
            Errors = new Dictionary<string, string[]>(StringComparer.Ordinal) { [member] = [sentence] },
        };

    /// <summary>What does not exist, or not for this token: the two are told apart nowhere.</summary>
    public static Refusal NotFound(string what) =>
        new(ErrorCodes.NotFound, $"There is no such {what} here; check the id and the token's workspace.");
}

/// <summary>Either a value or a refusal.</summary>
/// <typeparam name="T">What is returned when nothing stands against it.</typeparam>
public readonly struct Outcome<T>
{
    private readonly T? _value;

    private Outcome(T? value, Refusal? refusal)
    {
        _value = value;
        Refusal = refusal;
    }

    /// <summary>The refusal, or null when there is a value.</summary>
    public Refusal? Refusal { get; }

    /// <summary>True when there is a value.</summary>
    public bool IsOk => Refusal is null;

    /// <summary>The value. Reading it from a refusal is a bug.</summary>
    /// <exception cref="InvalidOperationException">This is a refusal.</exception>
    public T Value =>
        Refusal is null ? _value! : throw new InvalidOperationException($"Refused: {Refusal.Code}: {Refusal.Detail}");

    /// <summary>Wraps a value.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>Wraps a refusal.</summary>
    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);

    /// <summary>True with the value, or false with the refusal.</summary>
    public bool TryGet(
        [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T value,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Refusal? refusal
    )
    {
        value = _value;
        refusal = Refusal;
        return refusal is null;
    }
}
