package dev.thaw.runtimes;

import com.amazonaws.services.lambda.crac.Core;
import com.amazonaws.services.lambda.crac.Resource;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.api.client.EventHandlerLoader;
import com.amazonaws.services.lambda.runtime.api.client.HandlerInfo;
import com.amazonaws.services.lambda.runtime.api.client.LambdaRequestHandler;
import com.amazonaws.services.lambda.runtime.api.client.logging.LambdaContextLogger;
import com.amazonaws.services.lambda.runtime.api.client.logging.LogSink;
import com.amazonaws.services.lambda.runtime.api.client.runtimeapi.dto.InvocationRequest;
import com.amazonaws.services.lambda.runtime.logging.LogFormat;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The runtime client of a version that becomes a snapshot. Before that it leads events of its own through the client, to
 * handlers of its own: what the first event of each restored environment would load and link is there then. Of the
 * function it reads the types that its events and answers are of; the function's handler is not called.
 */
public final class PrimedClient implements Resource {
    /** What is still interpreted or unlinked after these costs little. */
    private static final int ROUNDS = 40;

    private static final long DEADLINE_MS = 60_000;
    private static final byte[] EVENT =
            "{\"size\":6.5,\"count\":7,\"name\":\"rehearsal\",\"parts\":[\"one\",\"two\"],\"more\":{\"deep\":true}}"
                    .getBytes(StandardCharsets.UTF_8);

    private static PrimedClient kept; // the client forgets whom nobody else holds
    private final String handler;

    private PrimedClient(String handler) {
        this.handler = handler;
    }

    public static void main(String[] arguments) throws Throwable {
        kept = new PrimedClient(arguments[0]);
        // First of all, so that it comes after the function's own hooks.
        Core.getGlobalContext().register(kept);
        AWSLambda.main(arguments);
    }

    @Override
    public void beforeCheckpoint(com.amazonaws.services.lambda.crac.Context<? extends Resource> context) {
        try {
            readTypes();
            rehearse(Beans.class);
            rehearse(Maps.class);
        } catch (Exception | LinkageError unprimed) {
            // It costs the first event its speed, and nothing else.
            return;
        } finally {
            forgetEvents();
        }
    }

    @Override
    public void afterRestore(com.amazonaws.services.lambda.crac.Context<? extends Resource> context) {}

    private static void rehearse(Class<?> own) throws Exception {
        LambdaRequestHandler client = EventHandlerLoader.loadEventHandler(new HandlerInfo(own, "handleRequest"));
        InvocationRequest event = new InvocationRequest();
        event.setId("rehearsal");
        event.setInvokedFunctionArn("arn:aws:lambda:::rehearsal");
        event.setXrayTraceId("Root=1-0-0;Sampled=0");
        event.setContent(EVENT);
        for (int round = 0; round < ROUNDS; round++) {
            event.setDeadlineTimeInMs(System.currentTimeMillis() + DEADLINE_MS);
            client.call(event);
        }
    }

    /** A line that is logged before the first event belongs to none. */
    private static void forgetEvents() {
        if (LambdaRuntime.getLogger() instanceof LambdaContextLogger logger) {
            logger.setLambdaContext(null);
        }
    }

    /** Readers and writers of the function's types, where the client itself looks for them. */
    private void readTypes() throws ReflectiveOperationException, HandlerInfo.InvalidHandlerException {
        HandlerInfo info = HandlerInfo.fromString(handler, Thread.currentThread().getContextClassLoader());
        String name = info.methodName == null ? "handleRequest" : info.methodName;
        List<Type> types = new ArrayList<>();
        for (Method method : info.clazz.getMethods()) {
            if (method.getName().equals(name) && !method.isBridge()) {
                types.addAll(List.of(method.getGenericParameterTypes()));
                types.add(method.getGenericReturnType());
            }
        }
        for (Type type : types) {
            if (type != Context.class && type != InputStream.class && type != OutputStream.class && type != void.class) {
                readType(type);
            }
        }
    }

    private static void readType(Type type) throws ReflectiveOperationException {
        Class<?> platform = Class.forName(EventHandlerLoader.class.getName() + "$Platform");
        Method serializers = EventHandlerLoader.class.getDeclaredMethod("getSerializerCached", platform, Type.class);
        serializers.setAccessible(true);
        Object unknown = null;
        for (Object each : platform.getEnumConstants()) {
            unknown = each.toString().equals("UNKNOWN") ? each : unknown;
        }
        @SuppressWarnings("unchecked") // as the client declares it
        PojoSerializer<Object> serializer = (PojoSerializer<Object>) serializers.invoke(null, unknown, type);
        // Makes no object of the function's.
        Object nothing = serializer.fromJson("null");
        serializer.toJson(nothing, new ByteArrayOutputStream());
    }

    /** An event and an answer as functions have them. */
    public static final class Bean {
        private double size;
        private int count;
        private String name;
        private List<String> parts;
        private Map<String, Object> more;

        public double getSize() {
            return size;
        }

        public void setSize(double size) {
            this.size = size;
        }

        public int getCount() {
            return count;
        }

        public void setCount(int count) {
            this.count = count;
        }

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }

        public List<String> getParts() {
            return parts;
        }

        public void setParts(List<String> parts) {
            this.parts = parts;
        }

        public Map<String, Object> getMore() {
            return more;
        }

        public void setMore(Map<String, Object> more) {
            this.more = more;
        }
    }

    /** Objects in, objects out, and a line of a log that nobody reads. */
    public static final class Beans implements RequestHandler<Bean, Bean> {
        private final LambdaContextLogger logger =
                new LambdaContextLogger(new Nowhere(), LogLevel.UNDEFINED, LogFormat.TEXT);

        @Override
        public Bean handleRequest(Bean event, Context context) {
            logger.log("size " + event.size + " of " + event.count + " " + event.name + ", " + context.getAwsRequestId()
                    + ", ms left: " + context.getRemainingTimeInMillis() + "\n");
            return event;
        }
    }

    /** Maps in, maps out. */
    public static final class Maps implements RequestHandler<Map<String, Object>, Map<String, Object>> {
        @Override
        public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
            Map<String, Object> answer = new TreeMap<>();
            event.forEach((key, value) -> answer.put(key, value.toString()));
            return answer;
        }
    }

    private static final class Nowhere implements LogSink {
        @Override
        public void log(byte[] line) {}

        @Override
        public void log(LogLevel level, LogFormat format, byte[] line) {}

        @Override
        public void close() {}
    }
}
