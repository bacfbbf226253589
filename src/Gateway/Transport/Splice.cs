namespace Gateway.Transport;

/// <summary>One replacement inside a body: the bytes from <see cref="Start"/> on, <see cref="Length"/> of them, become <see cref="With"/>.</summary>
/// <param name="Start">Offset in bytes from the start of the original body.</param>
/// <param name="Length">Bytes replaced; 0 inserts.</param>
/// <param name="With">What stands there instead.</param>
internal readonly record struct Splice(int Start, int Length, ReadOnlyMemory<byte> With);
