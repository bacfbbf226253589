namespace Gateway.Surfaces.Models;

/// <summary>How a list is taken in pages.</summary>
/// <param name="Size">Query parameter of the page's size; more than <paramref name="MaxSize"/> counts as that.</param>
/// <param name="DefaultSize">Models on a page when the client does not say.</param>
/// <param name="MaxSize">Most models on a page.</param>
/// <param name="After">Query parameter that holds the id of the last model of the page before.</param>
internal sealed record ModelPaging(string Size, int DefaultSize, int MaxSize, string After);
