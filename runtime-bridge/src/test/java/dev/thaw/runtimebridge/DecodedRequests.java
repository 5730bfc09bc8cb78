package dev.thaw.runtimebridge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Records what a decoder tells, as text that can be compared. */
final class DecodedRequests implements RuntimeApiRequestDecoder.Listener {
    static final int BODY_LIMIT_BYTES = 1000;

    final List<String> requests = new ArrayList<>();
    final RuntimeApiRequestDecoder decoder = new RuntimeApiRequestDecoder(PooledByteBufAllocator.DEFAULT, this);
    String malformed = "";

    /** Feeds {@code bytes} in pieces that end before each of {@code cuts}. */
    static DecodedRequests of(byte[] bytes, int... cuts) {
        DecodedRequests decoded = new DecodedRequests();
        int from = 0;
        for (int cut : cuts) {
            decoded.feed(bytes, from, cut);
            from = cut;
        }
        decoded.feed(bytes, from, bytes.length);
        decoded.decoder.close();
        return decoded;
    }

    void feed(byte[] bytes, int from, int to) {
        ByteBuf piece = PooledByteBufAllocator.DEFAULT.ioBuffer(Math.max(1, to - from));
        decoder.feed(piece.writeBytes(bytes, from, to - from));
    }

    @Override
    public int onHead(RuntimeApiRequest request) {
        return BODY_LIMIT_BYTES;
    }

    @Override
    public boolean onRequest(RuntimeApiRequest request) {
        ByteBuf body = request.takeBody();
        String text = body == null ? "" : body.toString(StandardCharsets.ISO_8859_1);
        if (body != null) {
            body.release();
        }
        requests.add(request.call() + " id=" + request.requestId() + " keep=" + request.keepAlive() + " type="
                + request.errorType() + " mode=" + request.responseMode() + " over=" + request.oversized() + " body="
                + text);
        return true;
    }

    @Override
    public void onMalformed(int status, String reason) {
        malformed = status + " " + reason;
    }
}
