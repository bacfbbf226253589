using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Chaos.Judging;

namespace Chaos.Processes;

/// <summary>The admin API of a replica.</summary>
internal sealed class Admin : IDisposable
{
    private readonly HttpClient _http;

    public Admin(Replica replica)
    {
        _http = new HttpClient { BaseAddress = replica.Address, Timeout = TimeSpan.FromMinutes(2) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Hierarchy.AdminKey);
    }

    /// <summary>Asks for something.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var json = JsonDocument.Parse(await _http.GetByteArrayAsync(new Uri(path, UriKind.Relative)));
        return json.RootElement.Clone();
    }

    /// <summary>Has something done.</summary>
    /// <exception cref="HttpRequestException">It was refused; the text says why.</exception>
    public async Task<JsonElement> PostAsync(string path, string? body = null)
    {
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri(path, UriKind.Relative), content);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{path} was answered with {(int)response.StatusCode}: {text}");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    public void Dispose() => _http.Dispose();
}
