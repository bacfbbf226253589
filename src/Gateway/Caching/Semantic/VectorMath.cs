using System.Numerics;
using System.Runtime.InteropServices;

namespace Gateway.Caching.Semantic;

/// <summary>Arithmetic on vectors, as many numbers at once as the processor takes.</summary>
internal static class VectorMath
{
    /// <summary>Least square of a length that can be divided by without losing the direction.</summary>
    public const float LeastSquare = 1e-30f;

    /// <summary>The sum of products.</summary>
    /// <param name="a">Numbers.</param>
    /// <param name="b">As many.</param>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var wideA = MemoryMarshal.Cast<float, Vector<float>>(a);
        var wideB = MemoryMarshal.Cast<float, Vector<float>>(b);
        // Two sums: one alone would wait for itself.
        var (even, odd) = (Vector<float>.Zero, Vector<float>.Zero);
        var i = 0;
        for (; i + 1 < wideA.Length; i += 2)
        {
            even += wideA[i] * wideB[i];
            odd += wideA[i + 1] * wideB[i + 1];
        }

        if (i < wideA.Length)
            even += wideA[i] * wideB[i];
        var sum = Vector.Sum(even + odd);
        for (var rest = wideA.Length * Vector<float>.Count; rest < a.Length; rest++)
            sum += a[rest] * b[rest];
        return sum;
    }

    /// <summary>The same direction with length 1.</summary>
    /// <param name="vector">Checked by <see cref="IndexBounds"/>.</param>
    /// <param name="unit">Gets it; as long as the vector.</param>
    public static void Normalise(ReadOnlySpan<float> vector, Span<float> unit)
    {
        var scale = 1 / MathF.Sqrt(Dot(vector, vector));
        for (var i = 0; i < vector.Length; i++)
            unit[i] = vector[i] * scale;
    }
}
