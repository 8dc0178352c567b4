using System;
using System.IO;
using System.Net;
using System.Threading.Tasks;

namespace Ember.NetworkServer;

/// <summary>One file, served by HTTP. Every request is a line of the program's output.</summary>
internal sealed class HttpFile : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _file;

    /// <summary>Waits for requests from now on.</summary>
    /// <param name="address">Of this end.</param>
    /// <param name="file">The file.</param>
    public HttpFile(string address, string file)
    {
        _file = file;
        Location = $"http://{address}/{Path.GetFileName(file)}";
        _listener.Prefixes.Add($"http://{address}/");
        _listener.Start();
    }

    /// <summary>The file's URI.</summary>
    public string Location { get; }

    /// <summary>Answers one request after the other, for ever.</summary>
    public async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context = await _listener.GetContextAsync();
            Console.WriteLine($"{context.Request.HttpMethod} {context.Request.RawUrl}");
            try
            {
                await AnswerAsync(context);
            }
            catch (HttpListenerException)
            {
                // The machine is gone or asks again.
            }
        }
    }

    public void Dispose() => _listener.Close();

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using HttpListenerResponse response = context.Response;
        if (context.Request.Url?.AbsoluteUri != Location)
        {
            response.StatusCode = (int)HttpStatusCode.NotFound;
            return;
        }

        await using FileStream content = File.OpenRead(_file);
        response.ContentLength64 = content.Length;
        if (context.Request.HttpMethod == "GET")
        {
            await content.CopyToAsync(response.OutputStream);
        }
    }
}
